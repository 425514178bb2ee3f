-- What is in a library besides links: works, with a text or a file of their own; and what both are called and rated.
create table works (
  user_id uuid not null,
  id uuid not null,
  content_type text not null,
  source_type text not null default 'regular',
  title text not null,
  data jsonb not null default '{}',
  file_url text,
  thumbnail_url text,
  width integer,
  height integer,
  file_size bigint,
  mime_type text,
  prompt text,
  negative_prompt text,
  generation_settings jsonb,
  content_category text,
  character_id uuid,
  character_name text,
  quality_score double precision,
  is_approved boolean not null default false,
  is_nsfw boolean not null default false,
  is_public boolean not null default false,
  times_used integer not null default 0,
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint works_pkey primary key (user_id, id),
  constraint works_content_type_is_known check (content_type in ('text', 'image', 'video', 'link')),
  constraint works_source_type_is_known check (source_type in ('regular', 'auto')),
  constraint works_quality_is_a_share check (quality_score between 0 and 1)
);
alter table works add constraint works_user_fkey foreign key (user_id) references users (id) on delete cascade;
comment on table works is 'What a user wrote, or had generated: it has its own text or file, where a save has a link.';
comment on column works.source_type is 'regular: written by hand; auto: generated.';
comment on column works.version is 'Counts edits: what If-Match is compared with.';
select secure_rows('works');

create table tags (
  id uuid not null,
  owner_id uuid,
  name text not null,
  name_key text not null,
  description text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint tags_pkey primary key (id)
);
create unique index tags_shared_name_taken on tags (name_key) where owner_id is null;
create unique index tags_own_name_taken on tags (owner_id, name_key) where owner_id is not null;
comment on table tags is 'Shared ones have no owner; others are known to their owner, and to who sees what they made public.';
comment on column tags.name_key is 'The name, folded: two that differ in case or accents alone are one.';

create table save_tags (
  user_id uuid not null,
  save_id uuid not null,
  tag_id uuid not null,
  source text not null,
  created_at timestamptz(3) not null default now(),
  constraint save_tags_pkey primary key (user_id, save_id, tag_id),
  constraint save_tags_source_is_known check (source in ('user', 'ai'))
);
create index save_tags_by_tag on save_tags (user_id, tag_id, save_id);
alter table save_tags add constraint save_tags_save_fkey
  foreign key (user_id, save_id) references user_content_saves (user_id, id) on delete cascade;
comment on column save_tags.source is 'ai: offered by what understood the content, until the user takes or drops it.';
select secure_rows('save_tags');

create table work_tags (
  user_id uuid not null,
  work_id uuid not null,
  tag_id uuid not null,
  source text not null,
  created_at timestamptz(3) not null default now(),
  constraint work_tags_pkey primary key (user_id, work_id, tag_id),
  constraint work_tags_source_is_known check (source in ('user', 'ai'))
);
create index work_tags_by_tag on work_tags (user_id, tag_id, work_id);
alter table work_tags add constraint work_tags_work_fkey
  foreign key (user_id, work_id) references works (user_id, id) on delete cascade;
select secure_rows('work_tags');

create table content_ratings (
  user_id uuid not null,
  content_id uuid not null,
  rating numeric(2, 1) not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint content_ratings_pkey primary key (user_id, content_id),
  constraint content_ratings_are_halves check (rating between 1 and 5 and rating * 2 = trunc(rating * 2))
);
alter table content_ratings add constraint content_ratings_user_fkey
  foreign key (user_id) references users (id) on delete cascade;
comment on table content_ratings is 'What a user thinks of a save or a work: their own, or somebody''s public one.';
select secure_rows('content_ratings');
