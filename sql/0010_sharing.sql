-- What is one person's stays with that person: what everybody can find, how long a content of nobody stays, and an audit
-- log without links.

-- Set when the row is made, from its address (src/library/contents/is-shareable.ts): an address with parameters, or one
-- that means nothing outside a private network, is nobody else's business however many have saved it.
-- What stands here is nearly all public videos and posts: as the default, true costs no rewriting of the table.
alter table shared_contents
  add column is_shareable boolean not null default true,
  add column unsaved_since timestamptz(3);
update shared_contents
set is_shareable = false
where source_platform = 'web' and (
  url ~ '[?;=]'
  -- One label, an address instead of a name, or a port.
  or url !~* '^https?://([a-z0-9_-]+\.)+[a-z][a-z0-9-]*\.?(/|$)'
  or url ~* '^https?://([^/]*\.)?(localhost|local|localdomain|internal|intranet|lan|home\.arpa|onion|invalid|test|example)\.?(/|$)'
);
alter table shared_contents alter column is_shareable set default false;
comment on column shared_contents.is_shareable is
  'Whether those who have not saved it may find it, once enough have (publicity): false where the address itself may be private.';

-- A content of nobody is kept for a while, since a link that is removed may be saved again; then it goes
-- (jobs/drop-old-rows.ts). Those of before get their time from now on.
update shared_contents set unsaved_since = now() where save_count = 0;
comment on column shared_contents.unsaved_since is
  'When the last save of it went; null while somebody has it.';
create index shared_contents_unsaved on shared_contents (unsaved_since) where save_count = 0;

-- One rule for all that goes beyond one's own saves: is_shareable, and a publicity of at least SHARED_MIN_SAVERS, which is
-- from 1 to 1000. A page of the web is as public as the people are many who have it.
create function publicity(platform text, savers integer) returns integer
language sql immutable parallel safe
as $$ select case when platform = 'web' or savers = 0 then savers else 1000 end $$;
comment on function publicity(text, integer) is
  'How many people are as good as knowing a content: who saved it, or all where a platform shows it to anybody.';

create index shared_contents_findable on shared_contents (publicity(source_platform, save_count))
  where is_shareable and status = 'READY';

-- Each vector by its key, as in nearest_of_user_exactly (0008).
create function nearest_of_all_exactly(asked vector, of_model text, most integer, least_savers integer)
returns table (content_id uuid, similarity double precision)
language plpgsql stable
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
  return query
  select c.id, 1 - e.distance
  from shared_contents c
  cross join lateral (
    select (v.embedding <=> asked) + 0 as distance
    from content_embeddings v
    where v.content_id = c.id and v.model = of_model
    offset 0
  ) e
  where c.is_shareable and c.status = 'READY' and publicity(c.source_platform, c.save_count) >= least_savers
  order by e.distance, c.id
  limit most;
end $$;

create function nearest_of_all_by_index(asked vector, of_model text, most integer, least_savers integer)
returns table (content_id uuid, similarity double precision)
language sql stable
set hnsw.ef_search = 400
set hnsw.iterative_scan = 'strict_order'
-- The planner prices the index as if it gave every row.
set enable_sort = off
set hnsw.max_scan_tuples = 100000
as $$
  select e.content_id, 1 - (e.embedding <=> asked)
  from content_embeddings e
  join shared_contents c on c.id = e.content_id
  where e.model = of_model and c.is_shareable and c.status = 'READY'
    and publicity(c.source_platform, c.save_count) >= least_savers
  order by e.embedding <=> asked
  limit most
$$;

create function nearest_of_all(asked vector, of_model text, most integer, least_savers integer)
returns table (content_id uuid, similarity double precision)
language plpgsql stable
as $$
declare
  everything bigint := (select reltuples from pg_class where oid = 'content_embeddings'::regclass);
  -- So many are read whole, because that is quick or because the index would pass them by (0008); more than the last
  -- number are not even counted, and are enough for the index at any size.
  few bigint := greatest(2000, least(everything / 20, 20000));
  findable bigint := (
    select count(*)
    from (
      select from shared_contents c
      where c.is_shareable and c.status = 'READY' and publicity(c.source_platform, c.save_count) >= least_savers
      limit few + 1
    ) counted);
begin
  if findable <= few then
    return query select n.content_id, n.similarity from nearest_of_all_exactly(asked, of_model, most, least_savers) n;
  else
    return query select n.content_id, n.similarity from nearest_of_all_by_index(asked, of_model, most, least_savers) n;
  end if;
end $$;
comment on function nearest_of_all(vector, text, integer, integer) is
  'READY contents that everybody may find whose vectors are nearest to `asked`, best first, with the cosine.';

create function nearest_for_user(asked vector, of_model text, of_user uuid, most integer, least_savers integer)
returns table (content_id uuid, similarity double precision)
language sql stable
as $$
  select near.content_id, max(near.similarity)
  from (
    select n.content_id, n.similarity from nearest_of_all(asked, of_model, most, least_savers) n
    union all
    select n.content_id, n.similarity from nearest_of_user(asked, of_model, of_user, most) n
  ) near
  group by near.content_id
  order by max(near.similarity) desc, near.content_id
  limit most
$$;
comment on function nearest_for_user(vector, text, uuid, integer, integer) is
  'The nearest of what a user may find: what everybody may, and their own saves.';

-- What the version before this one asks for, while it runs beside: it keeps to the rule as well.
create or replace function nearest_of_all(asked vector, of_model text, most integer)
returns table (content_id uuid, similarity double precision)
language sql stable
as $$
  select n.content_id, n.similarity from nearest_of_all(asked, of_model, most, 2) n
$$;

-- The log tells who did what to which row. A link may carry a token, and would stay a year after its save is gone.
update audit_entries set details = details - 'url' where details ? 'url';
