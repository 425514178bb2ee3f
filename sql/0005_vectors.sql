-- Finding what is near a vector, at every size. An index over everybody's vectors finds the nearest of all; asked for
-- those of one user it would give up before it met one of theirs. So a library of its own is read whole while that is
-- quick, and a large part of everything goes by the index, which goes on until it has enough (pgvector 0.8).

create index content_embeddings_nearest on content_embeddings using hnsw (embedding vector_cosine_ops)
  with (m = 16, ef_construction = 100);

-- Functions, since the settings of the index scan must hold for these queries alone, on whatever connection they come.
create function nearest_of_all(asked vector, of_model text, most integer)
returns table (content_id uuid, similarity double precision)
language sql stable
set hnsw.ef_search = 120
set hnsw.iterative_scan = 'strict_order'
-- The planner prices the index as if it gave every row.
set enable_sort = off
as $$
  select e.content_id, 1 - (e.embedding <=> asked)
  from content_embeddings e
  join shared_contents c on c.id = e.content_id
  where e.model = of_model and c.status = 'READY'
  order by e.embedding <=> asked
  limit most
$$;

create function nearest_of_user(asked vector, of_model text, of_user uuid, most integer)
returns table (content_id uuid, similarity double precision)
language sql stable
set hnsw.ef_search = 120
set hnsw.iterative_scan = 'strict_order'
-- The planner prices the index as if it gave every row.
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

-- The sum keeps the index out of it: every save of the user is looked at.
create function nearest_of_user_exactly(asked vector, of_model text, of_user uuid, most integer)
returns table (content_id uuid, similarity double precision)
language sql stable
as $$
  select content_id, 1 - distance
  from (
    select e.content_id, (e.embedding <=> asked) + 0 as distance
    from user_content_saves s
    join content_embeddings e on e.content_id = s.shared_content_id and e.model = of_model
    where s.user_id = of_user and s.status = 'READY'
    offset 0
  ) looked_at
  order by distance, content_id
  limit most
$$;
