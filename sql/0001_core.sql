-- The core of Trove. Times are timestamptz(3): a client sees milliseconds, and what it sends back in a cursor
-- must meet the stored value exactly. Lists of words are jsonb arrays, so that a row goes to the wire as it is.
-- Every table of a user's data begins its primary key with user_id: the tables can be distributed by it.

create extension if not exists vector;
create extension if not exists pg_trgm;

-- Values that all processes share and that no operator should have to think of.
-- password_pepper: the key with which a password is hashed before bcrypt, which by itself drops all after byte 72.
create table server_settings (
  name text primary key,
  value text not null
);
insert into server_settings (name, value)
values ('password_pepper', replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''));

-- ---------------------------------------------------------------------------------------------- accounts

create table users (
  id uuid primary key,
  email text not null,
  password_hash text not null,
  role text not null default 'user',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint users_email_taken unique (email),
  constraint users_email_is_normal check (email = lower(btrim(email)) and length(email) between 3 and 254),
  constraint users_role_is_known check (role in ('user', 'superuser', 'admin'))
);
comment on column users.email is 'Trimmed and lower case, so that one person cannot register twice.';
comment on column users.role is 'user: own library. superuser: also the settings. admin: also other people''s accounts.';

-- ----------------------------------------------------------------------------------------------- library

-- One row a link, whoever saved it: a link is fetched, understood and embedded once.
-- What stands here is public, and may be shown to any user; notes stand with the save.
create table shared_contents (
  id uuid primary key,
  url text not null,
  url_hash text not null,
  source_platform text not null,
  external_id text not null,
  status text not null default 'PENDING',
  attempt uuid not null,
  error_message text,
  title text,
  caption text,
  description text,
  author text,
  tags jsonb not null default '[]',
  thumbnail_url text,
  duration_seconds integer,
  language text,
  published_at timestamptz(3),
  metadata_source text,
  metadata_quality text,
  content_text text,
  topic_main text,
  category_high text,
  subcategories jsonb not null default '[]',
  locations jsonb not null default '[]',
  entities jsonb not null default '[]',
  intent text,
  visual_description text,
  visual_tags jsonb not null default '[]',
  analysis_source text,
  analysis_model text,
  save_count integer not null default 0,
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint shared_contents_url_hash_key unique (url_hash),
  constraint shared_contents_platform_is_known check (source_platform in ('instagram', 'youtube')),
  constraint shared_contents_status_is_known check (status in ('PENDING', 'PROCESSING', 'READY', 'FAILED')),
  constraint shared_contents_quality_is_known check (metadata_quality in ('full', 'partial', 'minimal')),
  constraint shared_contents_category_is_known check (category_high in
    ('Travel', 'Food & Drink', 'Learning', 'Career', 'Fitness', 'Entertainment', 'Shopping', 'Tech', 'Misc')),
  constraint shared_contents_intent_is_known check (intent in ('learn', 'visit', 'buy', 'try', 'watch', 'misc')),
  constraint shared_contents_save_count_is_not_negative check (save_count >= 0)
);
comment on column shared_contents.url_hash is 'Hex SHA-256 of the canonical link: what makes two spellings one content.';
comment on column shared_contents.attempt is
  'Names the run of the worker chain that may write here. A new run takes a new one, and what an older run still has in hand is dropped.';
comment on column shared_contents.error_message is 'Why it FAILED, in a sentence for the person who saved it.';
comment on column shared_contents.content_text is 'The text that was understood: title, caption and description.';
comment on column shared_contents.analysis_source is 'local or openai.';
comment on column shared_contents.save_count is 'Always the number of rows in user_content_saves: counted in the same transaction.';
comment on column shared_contents.version is 'Counts changes of metadata and state, for optimistic locking; saves by others do not count.';

-- Vectors stand apart: a list reads twenty contents and none of their 2 KB vectors. One content may have a vector
-- of an old and of a new model while a library moves; vectors of two models are never compared.
create table content_embeddings (
  content_id uuid not null references shared_contents on delete cascade,
  model text not null,
  embedding vector(512) not null,
  created_at timestamptz(3) not null default now(),
  primary key (content_id, model)
);
-- Out-of-line storage would cost a second read a vector, three to four times the time of a scan.
alter table content_embeddings alter column embedding set storage plain;

-- A user's library, as a whole.
create table libraries (
  user_id uuid primary key references users on delete cascade,
  version bigint not null default 1,
  changes_since_clustering integer not null default 0,
  clustered_at timestamptz(3)
);
comment on column libraries.version is
  'Raised in the transaction of every change to the user''s saves, clusters, or the state and metadata of what they saved: the ETag.';
comment on column libraries.changes_since_clustering is 'Saves that became READY or went away since the last full clustering.';

create table user_content_saves (
  user_id uuid not null references users on delete cascade,
  id uuid not null,
  shared_content_id uuid not null references shared_contents,
  raw_share_text text,
  is_favorited boolean not null default false,
  is_archived boolean not null default false,
  last_viewed_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (user_id, id),
  constraint user_content_saves_saved_once unique (user_id, shared_content_id),
  constraint user_content_saves_note_is_short check (length(raw_share_text) <= 500)
);
comment on column user_content_saves.raw_share_text is 'The user''s own note. Private: it never leaves the library.';
-- Newest first, as the list shows them; the id decides between equal times.
create index user_content_saves_newest on user_content_saves (user_id, created_at desc, id desc);
-- Whose library changes when a content does.
create index user_content_saves_of_content on user_content_saves (shared_content_id, user_id);

-- ------------------------------------------------------------------------------------------ intelligence

-- A group of a user's saves that belong together. Its id outlives the runs that find it again.
create table clusters (
  user_id uuid not null references users on delete cascade,
  id uuid not null,
  label text not null,
  label_is_custom boolean not null default false,
  cluster_type text,
  short_description text,
  keywords jsonb not null default '[]',
  item_count integer not null default 0,
  centroid vector(512) not null,
  model text not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (user_id, id),
  -- Deferred, since one run may hand a label from one cluster to another.
  constraint clusters_label_is_unique unique (user_id, label) deferrable initially deferred,
  constraint clusters_type_is_known check (cluster_type in
    ('Travel', 'Food', 'Learning', 'Fitness', 'Entertainment', 'Shopping', 'Tech', 'Misc'))
);
comment on column clusters.label_is_custom is 'The user named it: later runs leave the label alone.';
comment on column clusters.model is 'Which embedding model the centroid belongs to.';

-- A save is in one cluster or in none.
create table cluster_members (
  user_id uuid not null,
  save_id uuid not null,
  cluster_id uuid not null,
  similarity real not null,
  primary key (user_id, save_id),
  foreign key (user_id, save_id) references user_content_saves on delete cascade,
  foreign key (user_id, cluster_id) references clusters on delete cascade
);
comment on column cluster_members.similarity is 'Cosine to the cluster''s centroid: the most central saves describe it best.';
create index cluster_members_of_cluster on cluster_members (user_id, cluster_id, similarity desc);

-- -------------------------------------------------------------------------------------------- operations

-- What was done, by whom, from where. Written in the transaction of what it records.
create table audit_entries (
  user_id uuid not null,
  id uuid not null,
  action text not null,
  resource_type text not null,
  resource_id uuid,
  details jsonb not null default '{}',
  ip_address text,
  user_agent text,
  request_id text,
  created_at timestamptz(3) not null default now(),
  primary key (user_id, id)
);
comment on column audit_entries.user_id is
  'No reference to users: an entry outlives its user, and a failed login may name nobody (the zero UUID).';

-- The answer to a request that carried an Idempotency-Key, written with its effect and given again for 24 hours.
create table idempotency_keys (
  user_id uuid not null,
  route text not null,
  key text not null,
  request_hash text not null,
  status smallint,
  location text,
  body jsonb,
  created_at timestamptz(3) not null default now(),
  primary key (user_id, route, key)
);
comment on column idempotency_keys.status is 'Null while the first request is still running.';
create index idempotency_keys_by_age on idempotency_keys (created_at);

-- Counters of a fixed window. Unlogged: losing them in a crash costs one window of counting, never an answer.
create unlogged table rate_limits (
  key text not null,
  window_start timestamptz(3) not null,
  hits integer not null,
  primary key (key, window_start)
);
