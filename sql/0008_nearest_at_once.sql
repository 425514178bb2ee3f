-- What is near in one library, in one question: the database knows how large the library is, and so whether to read it
-- whole or to go by the index. Asked beforehand by the server, that took a small library nearly as long again.

-- What nearest_of_user was until now (0005).
create function nearest_of_user_by_index(asked vector, of_model text, of_user uuid, most integer)
returns table (content_id uuid, similarity double precision)
language sql stable
set hnsw.ef_search = 120
set hnsw.iterative_scan = 'strict_order'
set enable_sort = off
set hnsw.max_scan_tuples = 100000
as $$
  select e.content_id, 1 - (e.embedding <=> asked)
  from content_embeddings e
  join user_content_saves s on s.user_id = of_user and s.shared_content_id = e.content_id
  where e.model = of_model and s.status = 'READY'
  order by e.embedding <=> asked
  limit most
$$;

-- Each save's vector by its key, and the sum keeps the index of vectors out of it. There is no other plan to choose, and
-- choosing took longer than looking at a hundred vectors.
create or replace function nearest_of_user_exactly(asked vector, of_model text, of_user uuid, most integer)
returns table (content_id uuid, similarity double precision)
language plpgsql stable
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
  return query
  select s.shared_content_id, 1 - e.distance
  from user_content_saves s
  cross join lateral (
    select (v.embedding <=> asked) + 0 as distance
    from content_embeddings v
    where v.content_id = s.shared_content_id and v.model = of_model
    offset 0
  ) e
  where s.user_id = of_user and s.status = 'READY'
  order by e.distance, s.shared_content_id
  limit most;
end $$;

create or replace function nearest_of_user(asked vector, of_model text, of_user uuid, most integer)
returns table (content_id uuid, similarity double precision)
language plpgsql stable
as $$
declare
  -- Up to so many saves reading all of them is quick.
  few constant bigint := 2000;
  -- A smaller part of everything than one in so many is read whole, too: the index would pass it by.
  rare constant bigint := 20;
  mine bigint := (
    select coalesce(sum(items), 0)
    from library_counts
    where user_id = of_user and status = 'READY');
  everything bigint := (select reltuples from pg_class where oid = 'content_embeddings'::regclass);
begin
  if mine <= few or mine < everything / rare then
    return query select n.content_id, n.similarity from nearest_of_user_exactly(asked, of_model, of_user, most) n;
  else
    return query select n.content_id, n.similarity from nearest_of_user_by_index(asked, of_model, of_user, most) n;
  end if;
end $$;
comment on function nearest_of_user(vector, text, uuid, integer) is
  'READY contents that a user saved whose vectors are nearest to `asked`, best first, with the cosine.';
