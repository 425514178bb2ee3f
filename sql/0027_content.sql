-- Saves and works in one listing: what of them others see, and an index for each of its orders.
alter table user_content_saves
  add column if not exists is_public boolean not null default false,
  add column quality_score double precision,
  add constraint user_content_saves_quality_is_a_share check (quality_score between 0 and 1);
comment on column user_content_saves.is_public is 'Whether others see that it was saved, by whom, and under which of the user''s tags; never the note.';

create index user_content_saves_by_quality on user_content_saves (user_id, quality_score, id)
  where quality_score is not null;
create index user_content_saves_public_of_user on user_content_saves (user_id, created_at, id)
  where is_public;
-- Of everybody: community lists read a range of these, whoever the rows belong to. An archived save is not in them.
create index user_content_saves_public_by_created on user_content_saves (created_at, id) include (user_id)
  where is_public and not is_archived;
create index user_content_saves_public_by_updated on user_content_saves (updated_at, id) include (user_id)
  where is_public and not is_archived;
create index user_content_saves_public_by_quality on user_content_saves (quality_score, id) include (user_id)
  where is_public and not is_archived and quality_score is not null;
create index user_content_saves_public_by_id on user_content_saves (id) include (user_id)
  where is_public and not is_archived;

alter table works add column title_key text collate "C" generated always as (title_order(title)) stored;
comment on column works.title_key is 'What a list by title goes by.';
create index works_by_created on works (user_id, source_type, created_at, id) include (content_type);
create index works_by_updated on works (user_id, source_type, updated_at, id);
create index works_by_title on works (user_id, source_type, title_key, id);
create index works_by_quality on works (user_id, source_type, quality_score, id);
create index works_substrings on works using gin (folded(title) gin_trgm_ops);
create index works_public_of_user on works (user_id, created_at, id) where is_public;
create index works_public_by_created on works (source_type, is_nsfw, created_at, id) include (user_id, content_type)
  where is_public;
create index works_public_by_updated on works (source_type, is_nsfw, updated_at, id) include (user_id)
  where is_public;
create index works_public_by_title on works (source_type, is_nsfw, title_key, id) include (user_id) where is_public;
create index works_public_by_quality on works (source_type, is_nsfw, quality_score, id) include (user_id)
  where is_public;
create index works_public_by_id on works (id) include (user_id) where is_public;

-- Which public rows have a tag, whoever the rows belong to.
create index save_tags_of_tag on save_tags (tag_id, user_id, save_id);
create index work_tags_of_tag on work_tags (tag_id, user_id, work_id);

create index content_ratings_by_rating on content_ratings (user_id, rating, content_id);
