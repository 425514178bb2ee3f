-- Reading and understanding that can be trusted and watched: where metadata came from, what models cost, events that
-- can be resumed, webhooks. Locks keep their order: content, cluster, save, library_counts, libraries, events, webhooks.

alter table shared_contents
  drop constraint shared_contents_platform_is_known,
  add constraint shared_contents_platform_is_known check (source_platform in ('instagram', 'youtube', 'web')),
  add column transcript text,
  add column page_etag text,
  add column page_last_modified text,
  add column analysis_prompt text,
  add column analysis_tokens_in integer not null default 0,
  add column analysis_tokens_out integer not null default 0,
  add column analysis_cost_usd numeric(12, 6) not null default 0;
comment on column shared_contents.transcript is 'What is said in a video, or the main text of a page.';
comment on column shared_contents.page_etag is 'The validators of the page that was read: it is asked for again only if it has changed.';
comment on column shared_contents.analysis_prompt is 'Which version of our instructions the model followed; null for the local models.';

comment on column shared_contents.content_text is
  'The text that was understood: title, caption, description, and the beginning of the transcript.';

-- A description and what is said are found by words as well, after title, topic, tags and caption.
alter table shared_contents drop column words;
alter table shared_contents
  add column words tsvector generated always as (
    setweight(to_tsvector('english', coalesce(title, '')), 'A')
    || setweight(to_tsvector('english', coalesce(topic_main, '')), 'A')
    || setweight(jsonb_to_tsvector('english', tags, '["string"]'), 'B')
    || setweight(to_tsvector('english', coalesce(left(caption, 20000), '')), 'C')
    || setweight(to_tsvector('english', coalesce(left(content_text, 20000), '')), 'D')) stored;
create index shared_contents_words on shared_contents using gin (words);

-- What is not READY yet, for the reconciliation that looks for work which lost its job.
create index shared_contents_unfinished on shared_contents (updated_at) where status in ('PENDING', 'PROCESSING');
-- What must move when the embedding model changes.
create index content_embeddings_of_model on content_embeddings (model, content_id);

-- What the models were asked and what it cost, a row a day and model. The day is the UTC day.
create table model_usage (
  day date not null,
  model text not null,
  calls integer not null default 0,
  tokens_in bigint not null default 0,
  tokens_out bigint not null default 0,
  cost_usd numeric(14, 6) not null default 0,
  primary key (day, model)
);

-- ------------------------------------------------------------------------------------------------ jobs

-- Which jobs concern a user: the run of the worker chain on what they saved, and the clusterings of their library.
-- How far one is stands with its content, or with the queue. Ids are UUIDv7, so the key is the order of time.
create table jobs (
  user_id uuid not null references users on delete cascade,
  id uuid not null,
  type text not null,
  content_id uuid,
  save_id uuid,
  created_at timestamptz(3) not null default now(),
  primary key (user_id, id),
  foreign key (user_id, save_id) references user_content_saves on delete cascade,
  constraint jobs_type_is_known check (type in ('fetch-content', 'cluster-library'))
);
comment on column jobs.id is 'Of a run of the chain: the attempt, which is also the id of its first job in the queue.';
create index jobs_of_save on jobs (user_id, save_id);
create index jobs_by_age on jobs (created_at);

-- ---------------------------------------------------------------------------------------------- events

alter table libraries add column event_seq bigint not null default 0;
comment on column libraries.event_seq is
  'The number of the library''s newest event. Raised under the row''s lock, so that numbers are committed in order and a reader who has seen one has missed none before it.';

-- What happened in a user's library, kept for a few days so that a stream can resume.
create table events (
  user_id uuid not null references users on delete cascade,
  seq bigint not null,
  type text not null,
  data jsonb not null,
  created_at timestamptz(3) not null default now(),
  primary key (user_id, seq),
  constraint events_type_is_known check (type in ('content.ready', 'content.failed', 'job.progress', 'clusters.updated'))
);
create index events_by_age on events (created_at);

-- -------------------------------------------------------------------------------------------- webhooks

create table webhooks (
  user_id uuid not null references users on delete cascade,
  id uuid not null,
  url text not null,
  events jsonb not null,
  secret_sealed text not null,
  previous_secret_sealed text,
  previous_secret_until timestamptz(3),
  is_active boolean not null default true,
  disabled_reason text,
  failing_since timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (user_id, id)
);
comment on column webhooks.secret_sealed is 'AES-256-GCM, since a delivery must be signed with it; the key is not in the database.';
comment on column webhooks.previous_secret_sealed is 'Signs as well until previous_secret_until, so that a rotation breaks no receiver.';
comment on column webhooks.failing_since is 'When the first of the present row of failures was; null after a success.';

-- One message to one webhook, with all its tries. Its id is the webhook-id header, the same at every try.
create table webhook_deliveries (
  user_id uuid not null,
  id uuid not null,
  webhook_id uuid not null,
  event text not null,
  data jsonb not null,
  status text not null default 'pending',
  attempts integer not null default 0,
  response_status integer,
  error_message text,
  duration_ms integer,
  next_attempt_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (user_id, id),
  foreign key (user_id, webhook_id) references webhooks on delete cascade,
  constraint webhook_deliveries_status_is_known check (status in ('pending', 'delivered', 'failed'))
);
create index webhook_deliveries_newest on webhook_deliveries (user_id, webhook_id, created_at desc, id desc);
create index webhook_deliveries_by_age on webhook_deliveries (created_at);

-- ----------------------------------------------------------------------------------------------- lists

-- A list with a filter reads a range of its own in every order. Without these it walks the order's index until enough
-- saves match: all of it, when those lie at the far end. Figures stand in docs/decisions/0008-list-indexes.md.
create index user_content_saves_by_category_updated on user_content_saves
  (user_id, status, is_archived, category, updated_at, id);
create index user_content_saves_by_category_viewed on user_content_saves
  (user_id, status, is_archived, category, last_viewed_at, id);
create index user_content_saves_by_category_title on user_content_saves
  (user_id, status, is_archived, category, title_key, id);
create index user_content_saves_favorites_updated on user_content_saves (user_id, status, is_archived, updated_at, id)
  where is_favorited;
create index user_content_saves_favorites_viewed on user_content_saves (user_id, status, is_archived, last_viewed_at, id)
  where is_favorited;
create index user_content_saves_favorites_title on user_content_saves (user_id, status, is_archived, title_key, id)
  where is_favorited;
