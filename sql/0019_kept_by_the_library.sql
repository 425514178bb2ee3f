-- Who writes a save, or what lists show of a content, also keeps the copies and the counts (src/library/copies/store.ts):
-- triggers keep a table on one machine. Locks are taken in one order everywhere: content, cluster, save, library_counts,
-- libraries; of several users in the order of their ids.
drop trigger copy_content_into_save on user_content_saves;
drop trigger copy_content_to_saves on shared_contents;
drop trigger count_added on user_content_saves;
drop trigger count_changed on user_content_saves;
drop trigger count_removed on user_content_saves;
drop function copy_content_into_save;
drop function copy_content_to_saves;
drop function count_library;
comment on column library_counts.items is 'Kept by who writes saves, in the transaction of the change.';

create function count_saves(
  of_user uuid, of_status text, of_category text, of_archived boolean, of_favorited boolean, change integer
) returns void language plpgsql as $$
begin
  if change > 0 then
    insert into library_counts as k (user_id, status, category, is_archived, is_favorited, items)
    values (of_user, of_status, of_category, of_archived, of_favorited, change)
    on conflict (user_id, status, category, is_archived, is_favorited) do update set items = k.items + excluded.items;
  else
    -- Never an insert: a user may be on the way out, together with their saves.
    update library_counts
    set items = items + change
    where user_id = of_user and status = of_status and category = of_category and is_archived = of_archived
      and is_favorited = of_favorited;
  end if;
end $$;
comment on function count_saves is 'Counts `change` more saves of a kind in a user''s library; less than none are fewer.';

create function add_save(
  of_user uuid, new_id uuid, of_content uuid, note text, new_status text, new_category text, new_title text, new_topic text
) returns boolean language plpgsql as $$
begin
  insert into user_content_saves (user_id, id, shared_content_id, raw_share_text, status, category, title, topic)
  values (of_user, new_id, of_content, note, new_status, new_category, new_title, new_topic)
  on conflict (user_id, shared_content_id) do nothing;
  if not found then
    return false;
  end if;
  perform count_saves(of_user, new_status, new_category, false, false, 1);
  return true;
end $$;
comment on function add_save is 'Adds a save to a user''s library, and counts it; false when they have its content already.';

create function recount_save(
  of_user uuid, old_status text, old_category text, old_archived boolean, old_favorited boolean,
  new_status text, new_category text, new_archived boolean, new_favorited boolean
) returns void language plpgsql as $$
begin
  -- In the order of kinds, so that no two changes of one library wait for each other.
  if (old_status, old_category, old_archived, old_favorited) < (new_status, new_category, new_archived, new_favorited) then
    perform count_saves(of_user, old_status, old_category, old_archived, old_favorited, -1);
    perform count_saves(of_user, new_status, new_category, new_archived, new_favorited, 1);
  elsif (old_status, old_category, old_archived, old_favorited) > (new_status, new_category, new_archived, new_favorited) then
    perform count_saves(of_user, new_status, new_category, new_archived, new_favorited, 1);
    perform count_saves(of_user, old_status, old_category, old_archived, old_favorited, -1);
  end if;
end $$;
comment on function recount_save is 'Counts a save of a user''s library as of another kind than it was.';

create function tell_saver(
  of_user uuid, of_content uuid, new_status text, new_category text, new_title text, new_topic text
) returns void language plpgsql as $$
declare
  save record;
begin
  select id, status, category, is_archived, is_favorited
  into save
  from user_content_saves
  where user_id = of_user and shared_content_id = of_content
    and (status, category, title, topic) is distinct from (new_status, new_category, new_title, new_topic)
  for no key update;
  if not found then
    return;
  end if;
  update user_content_saves
  set status = new_status, category = new_category, title = new_title, topic = new_topic
  where user_id = of_user and id = save.id;
  perform recount_save(of_user, save.status, save.category, save.is_archived, save.is_favorited,
    new_status, new_category, save.is_archived, save.is_favorited);
end $$;
comment on function tell_saver is 'Copies what lists show of a content to a user''s save of it, and counts it as what it is now.';
