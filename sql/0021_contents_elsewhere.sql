-- A content may lie on another machine than those who saved it, where no constraint reaches. What guards it is its row:
-- whoever saves it raises `save_count` first, and what is removed has none, looked at with the row's lock.
alter table user_content_saves drop constraint user_content_saves_shared_content_id_fkey;
