-- A second lock on what is one user's: the transaction of a request acts as its user, in a role that sees no other rows.
-- Statements say `where user_id` all the same; this is for the one that forgets it. The owner of the tables, as which jobs
-- and sign-ins work, sees all rows.
create function secure_rows(of_table regclass, key name default 'user_id') returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', of_table);
  execute format(
    $policy$create policy rows_of_user on %s using (
      current_user <> 'trove_rows' or %I = nullif(current_setting('app.user_id', true), '')::uuid
    )$policy$, of_table, key);
end $$;
comment on function secure_rows is 'Lets who acts as a user see and write that user''s rows of a table alone.';

do $$
declare
  of_table regclass;
begin
  for of_table in
    select t.oid
    from pg_class t
    join pg_attribute a on a.attrelid = t.oid and a.attname = 'user_id' and not a.attisdropped
    where t.relnamespace = 'public'::regnamespace and t.relkind = 'r'
  loop
    perform secure_rows(of_table);
  end loop;
  perform secure_rows('users', 'id');
  begin
    -- Roles belong to the whole server: other databases may have made it, or make it at this moment.
    if not exists (select from pg_roles where rolname = 'trove_rows') then
      create role trove_rows nologin;
    end if;
  exception when duplicate_object or unique_violation or insufficient_privilege then
    null;
  end;
end $$;

create function may_act(of_role oid) returns boolean language plpgsql stable as $$
begin
  -- From PostgreSQL 16 on, who made a role is its member and may still not take it.
  return pg_has_role(session_user, of_role, case when current_setting('server_version_num')::int < 160000 then 'member' else 'set' end);
end $$;
comment on function may_act is 'Whether who is connected may take a role.';

create function grant_rows() returns boolean language plpgsql as $$
declare
  rows_role oid := (select oid from pg_roles where rolname = 'trove_rows' and not rolsuper and not rolbypassrls);
begin
  if rows_role is null then
    return false;
  end if;
  -- Processes that start together would change the same rows of the catalogue.
  perform pg_advisory_xact_lock(hashtextextended('grant_rows', 0));
  if not may_act(rows_role) then
    begin
      execute format('grant trove_rows to %I', session_user);
    exception
      -- One that starts on another database of this server gave it.
      when unique_violation then null;
      when insufficient_privilege then return false;
    end;
  end if;
  if not has_table_privilege(rows_role, 'two_phase', 'select') then
    alter default privileges grant select, insert, update, delete on tables to trove_rows;
    alter default privileges grant usage on schemas to trove_rows;
    grant usage on schema public to trove_rows;
    grant select, insert, update, delete on all tables in schema public to trove_rows;
  end if;
  if to_regnamespace('pgboss') is not null and not has_schema_privilege(rows_role, 'pgboss', 'usage') then
    grant usage on schema pgboss to trove_rows;
    grant select, insert, update, delete on all tables in schema pgboss to trove_rows;
  end if;
  return true;
end $$;
comment on function grant_rows() is 'Gives the role of requests what it needs; false where this database''s user may not use it.';
select grant_rows();

create function act_as(of_user uuid) returns void language plpgsql as $$
begin
  if (
    select may_act(oid) and has_table_privilege(oid, 'two_phase', 'select')
    from pg_roles
    where rolname = 'trove_rows'
  ) then
    -- Not by set_config, which machines of a cluster do not pass on.
    execute format('set local app.user_id = %L', of_user);
    set local role trove_rows;
  end if;
end $$;
comment on function act_as(uuid) is 'Acts as a user until the transaction ends or resets its role.';
