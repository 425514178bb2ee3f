-- A person's own title and category of a save. They stand in the save's copies of the content's, by which it is listed,
-- sorted, searched and counted; the content, which is everybody's, stays as it was read.
alter table user_content_saves
  add column own_title text,
  add column own_category text,
  add constraint user_content_saves_own_title_is_short check (length(own_title) between 1 and 500),
  add constraint user_content_saves_own_category_is_known check (own_category in (
    'Travel', 'Food & Drink', 'Learning', 'Career', 'Fitness', 'Entertainment', 'Shopping', 'Tech', 'Misc'));
comment on column user_content_saves.own_title is 'The user''s own. Private, like the note: it never leaves the library.';
comment on column user_content_saves.status is
  'A copy of the content''s, like category (Misc when it has none), title and topic; own_category and own_title win.';

alter table user_content_saves drop column note_words;
alter table user_content_saves
  add column note_words tsvector generated always as (
    case when raw_share_text is not null or own_title is not null
      then setweight(words_of(own_title, null), 'A') || words_of(raw_share_text, null) end) stored;
comment on column user_content_saves.note_words is 'The words that are the user''s own: of the title, and of the note.';
create index user_content_saves_note_words on user_content_saves using gin (note_words);

create or replace function tell_saver(
  of_user uuid, of_content uuid, new_status text, new_category text, new_title text, new_topic text
) returns void language plpgsql as $$
declare
  save record;
begin
  select id, status, category, is_archived, is_favorited, coalesce(own_category, new_category) as now_category
  into save
  from user_content_saves
  where user_id = of_user and shared_content_id = of_content
    and (status, category, title, topic) is distinct from
      (new_status, coalesce(own_category, new_category), coalesce(own_title, new_title), new_topic)
  for no key update;
  if not found then
    return;
  end if;
  update user_content_saves
  set status = new_status, category = save.now_category, title = coalesce(own_title, new_title), topic = new_topic
  where user_id = of_user and id = save.id;
  perform recount_save(of_user, save.status, save.category, save.is_archived, save.is_favorited,
    new_status, save.now_category, save.is_archived, save.is_favorited);
end $$;

-- What a user removed lies here for a time: the row itself, and the rows of other tables that hang on it. Whatever lists,
-- counts or searches does not know of it, since it is not where they look.
create table trash (
  user_id uuid not null,
  id uuid not null,
  kind text not null,
  content_id uuid,
  title text,
  rows jsonb not null,
  deleted_at timestamptz(3) not null default now(),
  constraint trash_pkey primary key (user_id, id)
);
create index trash_by_deleted on trash (user_id, deleted_at, id);
create index trash_by_age on trash (deleted_at);
create index trash_of_content on trash (content_id, user_id) where content_id is not null;
alter table trash add constraint trash_user_fkey foreign key (user_id) references users (id) on delete cascade;
comment on table trash is 'What a user removed, and may have back for TRASH_DAYS.';
comment on column trash.kind is 'One of src/library/trash/kinds.ts.';
comment on column trash.content_id is 'What a save is of. It is kept as long as it lies here, though nobody has it.';
comment on column trash.rows is 'By table, the rows to be put back as they were.';
select secure_rows('trash');

create or replace function add_save(
  of_user uuid, new_id uuid, of_content uuid, note text, new_status text, new_category text, new_title text, new_topic text
) returns boolean language plpgsql as $$
begin
  -- Asked here, so that it costs a save no round trip; locked, so that it lies there still when it is put back.
  perform from trash where user_id = of_user and content_id = of_content for update;
  if found and not exists (
    select from user_content_saves where user_id = of_user and shared_content_id = of_content
  ) then
    return null;
  end if;
  insert into user_content_saves (user_id, id, shared_content_id, raw_share_text, status, category, title, topic)
  values (of_user, new_id, of_content, note, new_status, new_category, new_title, new_topic)
  on conflict (user_id, shared_content_id) do nothing;
  if not found then
    return false;
  end if;
  perform count_saves(of_user, new_status, new_category, false, false, 1);
  return true;
end $$;
comment on function add_save is
  'Adds a save to a user''s library, and counts it; false when they have its content already, null when it lies in their trash.';
