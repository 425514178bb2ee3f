-- Lists and search that stay fast in a library of any size. What a list filters and sorts by stands with the save,
-- copied from its content by the database itself, so that an index of one table answers and no writer can forget.
-- Locks are taken in one order everywhere: content, cluster, save, library_counts, libraries.

alter table user_content_saves
  add column version integer not null default 1,
  add column status text not null default 'PENDING',
  add column category text not null default 'Misc',
  add column title text,
  add column topic text,
  -- A bounded key, since an index holds no long text, and in one order on every server.
  add column title_key text collate "C" generated always as (left(lower(title), 200)) stored,
  -- A line break between the parts keeps a phrase from matching across them.
  add column search_text text generated always as
    (lower(coalesce(title, '') || E'\n' || coalesce(topic, '') || E'\n' || coalesce(raw_share_text, ''))) stored;
comment on column user_content_saves.version is 'Counts the user''s own edits: what If-Match is compared with.';
comment on column user_content_saves.status is 'A copy of the content''s, like category (Misc when it has none), title and topic.';
comment on column user_content_saves.title_key is 'What sort_by=title goes by: without regard to upper and lower case.';
comment on column user_content_saves.search_text is 'What `search` looks through. Holds the note, so it is as private.';

create function copy_content_into_save() returns trigger language plpgsql as $$
begin
  -- Locked, so that a change of the content that is being made now is either seen here or finds this save.
  select c.status, coalesce(c.category_high, 'Misc'), c.title, c.topic_main
  into new.status, new.category, new.title, new.topic
  from shared_contents c
  where c.id = new.shared_content_id
  for share;
  return new;
end $$;
create trigger copy_content_into_save before insert on user_content_saves
  for each row execute function copy_content_into_save();

create function copy_content_to_saves() returns trigger language plpgsql as $$
begin
  update user_content_saves
  set status = new.status, category = coalesce(new.category_high, 'Misc'), title = new.title, topic = new.topic_main
  where shared_content_id = new.id;
  return null;
end $$;
create trigger copy_content_to_saves after update of status, category_high, title, topic_main on shared_contents
  for each row
  when ((old.status, old.category_high, old.title, old.topic_main)
    is distinct from (new.status, new.category_high, new.title, new.topic_main))
  execute function copy_content_to_saves();

update user_content_saves s
set status = c.status, category = coalesce(c.category_high, 'Misc'), title = c.title, topic = c.topic_main
from shared_contents c
where c.id = s.shared_content_id;

-- How many saves a user has of each kind, so that a list's total, and the size of each group, never counts rows.
create table library_counts (
  user_id uuid not null references users on delete cascade,
  status text not null,
  category text not null,
  is_archived boolean not null,
  is_favorited boolean not null,
  items integer not null,
  primary key (user_id, status, category, is_archived, is_favorited)
);
comment on column library_counts.items is 'Kept by a trigger of user_content_saves, in the transaction of the change.';

create function count_library() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into library_counts as k (user_id, status, category, is_archived, is_favorited, items)
    select user_id, status, category, is_archived, is_favorited, count(*)
    from new_rows
    group by 1, 2, 3, 4, 5
    order by 1, 2, 3, 4, 5
    on conflict (user_id, status, category, is_archived, is_favorited) do update set items = k.items + excluded.items;
  elsif tg_op = 'UPDATE' then
    insert into library_counts as k (user_id, status, category, is_archived, is_favorited, items)
    select user_id, status, category, is_archived, is_favorited, sum(change)
    from (
      select user_id, status, category, is_archived, is_favorited, 1 as change from new_rows
      union all
      select user_id, status, category, is_archived, is_favorited, -1 from old_rows
    ) changes
    group by 1, 2, 3, 4, 5
    having sum(change) <> 0
    order by 1, 2, 3, 4, 5
    on conflict (user_id, status, category, is_archived, is_favorited) do update set items = k.items + excluded.items;
  else
    -- Never an insert: a user may be on the way out, together with their saves.
    update library_counts k
    set items = k.items - gone.items
    from (
      select user_id, status, category, is_archived, is_favorited, count(*) as items
      from old_rows
      group by 1, 2, 3, 4, 5
    ) gone
    where (k.user_id, k.status, k.category, k.is_archived, k.is_favorited)
      = (gone.user_id, gone.status, gone.category, gone.is_archived, gone.is_favorited);
  end if;
  return null;
end $$;
create trigger count_added after insert on user_content_saves
  referencing new table as new_rows for each statement execute function count_library();
create trigger count_changed after update on user_content_saves
  referencing old table as old_rows new table as new_rows for each statement execute function count_library();
create trigger count_removed after delete on user_content_saves
  referencing old table as old_rows for each statement execute function count_library();

insert into library_counts (user_id, status, category, is_archived, is_favorited, items)
select user_id, status, category, is_archived, is_favorited, count(*)
from user_content_saves
group by 1, 2, 3, 4, 5;

-- One index a sort. Each reads forwards and backwards, and its nulls are a range of their own at its end.
-- A list that shows archived saves too reads two ranges and merges them.
drop index user_content_saves_newest;
create index user_content_saves_by_created on user_content_saves (user_id, status, is_archived, created_at, id);
create index user_content_saves_by_updated on user_content_saves (user_id, status, is_archived, updated_at, id);
create index user_content_saves_by_viewed on user_content_saves (user_id, status, is_archived, last_viewed_at, id);
create index user_content_saves_by_title on user_content_saves (user_id, status, is_archived, title_key, id);
create index user_content_saves_by_category on user_content_saves
  (user_id, status, is_archived, category, created_at, id);
create index user_content_saves_favorites on user_content_saves (user_id, status, is_archived, created_at, id)
  where is_favorited;

-- Substrings. New entries wait in a short list, since every search reads that list through.
create index user_content_saves_substrings on user_content_saves using gin (search_text gin_trgm_ops)
  with (gin_pending_list_limit = 256);

-- Words. English rules of stems and stop words; words of other languages are found as they are written.
-- The note has an index of its own: it is private, and a content is not.
alter table shared_contents
  add column words tsvector generated always as (
    setweight(to_tsvector('english', coalesce(title, '')), 'A')
    || setweight(to_tsvector('english', coalesce(topic_main, '')), 'A')
    || setweight(jsonb_to_tsvector('english', tags, '["string"]'), 'B')
    || setweight(to_tsvector('english', coalesce(left(caption, 20000), '')), 'C')) stored;
create index shared_contents_words on shared_contents using gin (words);
alter table user_content_saves
  add column note_words tsvector generated always as (to_tsvector('english', raw_share_text)) stored;
create index user_content_saves_note_words on user_content_saves using gin (note_words);
