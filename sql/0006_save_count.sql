-- Lists by save_count walk the contents in that order, and find in each whether it is the user's.
create index shared_contents_by_save_count on shared_contents (save_count, id);
