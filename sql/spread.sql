-- Spreads the tables over the machines of Citus. Not a migration: one PostgreSQL neither needs nor runs it.
--
-- The database must be migrated and empty, so: make it, create the extensions citus, vector and pg_trgm, add the workers
-- (citus_add_node), start Trove, which migrates it, and stop it again, and before anybody registers run once
--
--   psql -v ON_ERROR_STOP=1 -f sql/spread.sql "$DATABASE_URL"
--
-- and on each machine what searches by meaning ask of their index (alter database … set reaches one machine):
--
--   alter database trove set hnsw.iterative_scan = 'strict_order';
--   alter database trove set hnsw.ef_search = 400;
--
-- A table is spread by the first column of its primary key: a user's rows lie together, and so do a content's. Users and tags
-- are on every machine, and a few small tables stay on the coordinator, as does the queue. It is one statement, so it changes
-- everything or nothing. Whether Trove works there: npm run test:spread. Why so: docs/decisions/0021-one-postgres.md.
do $spread$
declare
  part record;
  found text;
  -- What is on every machine: who there is, and what tags there are.
  everywhere constant regclass[] :=
    array['users', 'tags', 'tag_edges', 'tag_closure', 'tag_aliases', 'shared_tag_stats'];
begin
  if not exists (select from pg_extension where extname = 'citus') then
    raise exception 'This database has no Citus. Nothing was changed'
      using hint = 'One PostgreSQL needs nothing of this. For a cluster, run first: create extension citus;';
  end if;
  -- Users are referred to from everywhere: without this their table would be written in another transaction.
  set local citus.multi_shard_modify_mode = 'sequential';

  create temporary table layout on commit drop as
  select c.oid::regclass as name, a.attname::text as key
  from pg_class c
  join pg_index i on i.indrelid = c.oid and i.indisprimary
  join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
    and c.relname not in ('api_clients', 'backups', 'erasures', 'interaction_days', 'invitations', 'model_usage', 'rate_limits',
      'schema_migrations', 'server_settings', 'settings', 'signing_keys', 'two_phase');

  for part in select name from layout loop
    execute format('select 1 from %s limit 1', part.name) into found;
    if found is not null then
      raise exception '% has rows. Nothing was changed', part.name using hint = 'Only an empty database can be spread.';
    end if;
  end loop;

  select string_agg(i.indexrelid::regclass::text, ', ') into found
  from layout l
  join pg_index i on i.indrelid = l.name and i.indisunique
  join pg_attribute a on a.attrelid = l.name and a.attname = l.key
  where not l.name = any (everywhere) and not a.attnum = any (i.indkey);
  if found is not null then
    raise exception 'Not spread: % cannot be kept unique over machines. Nothing was changed', found;
  end if;

  -- Each stands in the way of spreading its two tables, whichever is the first.
  create temporary table broken on commit drop as
  select conrelid::regclass as name, conname as key, confrelid::regclass as other, conkey[1] as first,
    pg_get_constraintdef(oid) as definition
  from pg_constraint
  where contype = 'f' and conrelid in (select name from layout);
  for part in select name, key from broken loop
    execute format('alter table %s drop constraint %I', part.name, part.key);
  end loop;

  -- What a transaction of the queue touches, so that it commits in two phases.
  perform citus_add_local_table_to_metadata('two_phase');
  -- What Trove reads at its next start (src/ground/database/layout.ts).
  insert into server_settings (name, value) values ('layout', 'spread');

  for part in select name from unnest(everywhere) as x (name) loop
    perform create_reference_table(part.name);
  end loop;
  perform create_distributed_table('libraries', 'user_id', colocate_with => 'none');
  perform create_distributed_table('shared_contents', 'id', colocate_with => 'none');
  for part in
    select name, key
    from layout
    where not name = any (everywhere || array['libraries', 'shared_contents']::regclass[])
    order by name::text
  loop
    perform create_distributed_table(part.name, part.key,
      colocate_with => case part.key when 'user_id' then 'libraries' when 'content_id' then 'shared_contents' else 'none' end);
  end loop;

  -- Again, where both ends lie together: a table's rows with those of the same user or content.
  for part in
    select b.name, b.key, b.definition
    from broken b
    join layout l on l.name = b.name
    join pg_attribute a on a.attrelid = b.name and a.attnum = b.first and a.attname = l.key
    order by b.name::text, b.key
  loop
    execute format('alter table %s add constraint %I %s', part.name, part.key, part.definition);
  end loop;
end $spread$;
