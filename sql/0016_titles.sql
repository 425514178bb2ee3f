-- Titles in the order in which people look for them: accents are no letters of their own, what opens a title before its
-- first letter does not count, and numbers go by their size. Still by code points ("C"), so that indexes and cursors agree
-- whatever locales a server has.

create function title_order(title text) returns text
language sql immutable strict parallel safe
return left(
  -- Each number has 20 digits: zeros before it, and the last twenty of all.
  regexp_replace(
    regexp_replace(
      regexp_replace(folded(title), '^[\s"''“”„«»‘’‚‹›()\[\]{}¡¿#*·…_–—-]+(?=.)', ''),
      '(\d+)', '0000000000000000000\1', 'g'),
    '\d*(\d{20})', '\1', 'g'),
  200);
comment on function title_order(text) is 'What a title is sorted by.';

-- With the column go the indexes that name it.
alter table user_content_saves
  drop column title_key;
alter table user_content_saves
  add column title_key text collate "C" generated always as (title_order(title)) stored;
comment on column user_content_saves.title_key is 'What sort_by=title goes by.';

create index user_content_saves_by_title on user_content_saves
  (user_id, status, is_archived, title_key, id);
create index user_content_saves_by_category_title on user_content_saves
  (user_id, status, is_archived, category, title_key, id);
create index user_content_saves_favorites_title on user_content_saves
  (user_id, status, is_archived, title_key, id) where is_favorited;
