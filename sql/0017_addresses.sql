-- A short link, and a page that has moved, are the page that they lead to (docs/decisions/0019-links.md).
create table content_addresses (
  url_hash text primary key,
  content_id uuid not null references shared_contents on delete cascade,
  created_at timestamptz(3) not null default now()
);
create index content_addresses_by_content on content_addresses (content_id);
comment on table content_addresses is
  'Keys of links that were found to lead to a content. A row tells no more than the content''s own address does.';

-- Of two saves that turned out to be of one page: what the id of the one that went stands for.
create table joined_saves (
  user_id uuid not null,
  id uuid not null,
  save_id uuid not null,
  primary key (user_id, id),
  foreign key (user_id, save_id) references user_content_saves (user_id, id) on delete cascade
);
create index joined_saves_by_save on joined_saves (user_id, save_id);
comment on column joined_saves.id is 'Of a save that is no more: whoever asks for it is shown `save_id`.';
