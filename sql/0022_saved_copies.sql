-- Where tables lie on several machines (sql/spread.sql), a user's machine does not have the contents that they saved. What
-- lists and search read of those lies beside the saves there: src/library/copies/ and src/discovery/copies/.
create table saved_contents (
  user_id uuid not null,
  id uuid not null,
  url text not null,
  source_platform text not null,
  status text not null,
  title text,
  caption text,
  author text,
  thumbnail_url text,
  duration_seconds integer,
  category_high text,
  topic_main text,
  subcategories jsonb not null,
  locations jsonb not null,
  intent text,
  language text,
  text_language text,
  save_count integer not null,
  created_at timestamptz(3) not null,
  words tsvector,
  constraint saved_contents_pkey primary key (user_id, id)
);
alter table saved_contents add constraint saved_contents_save_fkey
  foreign key (user_id, id) references user_content_saves (user_id, shared_content_id) on delete cascade;
create index saved_contents_words on saved_contents using gin (words);
comment on table saved_contents is
  'What lists and search read of the contents that a user saved; empty on one Postgres, where they read shared_contents.';
comment on column saved_contents.save_count is 'As it was when the content last changed: saves by others do not write here.';

create table saved_embeddings (
  user_id uuid not null,
  content_id uuid not null,
  model text not null,
  embedding vector(512) not null,
  constraint saved_embeddings_pkey primary key (user_id, content_id, model)
);
alter table saved_embeddings alter column embedding set storage plain;
alter table saved_embeddings add constraint saved_embeddings_copy_fkey
  foreign key (user_id, content_id) references saved_contents (user_id, id) on delete cascade;
comment on table saved_embeddings is
  'The vectors of the contents that a user saved; empty on one Postgres, where content_embeddings is read.';

create function keep_saved_content(of_user uuid, content jsonb) returns void language plpgsql as $$
begin
  insert into saved_contents as k (
    user_id, id, url, source_platform, status, title, caption, author, thumbnail_url, duration_seconds, category_high,
    topic_main, subcategories, locations, intent, language, text_language, save_count, created_at, words)
  select of_user, c.id, c.url, c.source_platform, c.status, c.title, c.caption, c.author, c.thumbnail_url,
    c.duration_seconds, c.category_high, c.topic_main, c.subcategories, c.locations, c.intent, c.language,
    c.text_language, c.save_count, c.created_at, c.words
  from jsonb_populate_record(null::saved_contents, content) c
  -- Who has removed it meanwhile has no copy.
  join user_content_saves s on s.user_id = of_user and s.shared_content_id = c.id
  for key share of s
  on conflict (user_id, id) do update set
    url = excluded.url, source_platform = excluded.source_platform, status = excluded.status, title = excluded.title,
    caption = excluded.caption, author = excluded.author, thumbnail_url = excluded.thumbnail_url,
    duration_seconds = excluded.duration_seconds, category_high = excluded.category_high,
    topic_main = excluded.topic_main, subcategories = excluded.subcategories, locations = excluded.locations,
    intent = excluded.intent, language = excluded.language, text_language = excluded.text_language,
    save_count = excluded.save_count, created_at = excluded.created_at, words = excluded.words;
end $$;
comment on function keep_saved_content is
  'Copies a content, as to_jsonb gives its row, beside a user''s save of it. To be asked with the content''s lock.';

create function keep_saved_embeddings(of_user uuid, of_content uuid, vectors jsonb) returns void language plpgsql as $$
begin
  delete from saved_embeddings
  where user_id = of_user and content_id = of_content and not vectors ? model;
  insert into saved_embeddings as k (user_id, content_id, model, embedding)
  select of_user, of_content, v.key, v.value::vector
  from jsonb_each_text(vectors) v
  join saved_contents c on c.user_id = of_user and c.id = of_content
  for key share of c
  on conflict (user_id, content_id, model) do update set embedding = excluded.embedding
  where k.embedding <> excluded.embedding;
end $$;
comment on function keep_saved_embeddings is
  'Makes a user''s vectors of a content what `vectors` holds, by their models and in pgvector''s text form.';

-- Citus commits in two phases only what touches tables that it knows, and the queue's are none of them.
create table two_phase (
  id integer not null,
  constraint two_phase_pkey primary key (id)
);
comment on table two_phase is 'Always empty. A transaction of the queue touches it where tables are spread: docs/decisions/0021.';
