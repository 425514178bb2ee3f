-- Every link that leads to a content, its own address too: a content is found by its link's hash here, and everywhere else by
-- its id (docs/decisions/0023-links-by-hash.md). Ids stay as they are. No foreign key: on several machines a link and its
-- content stand apart.
create table content_links (
  url_hash text primary key,
  content_id uuid not null,
  created_at timestamptz(3) not null default now()
);
comment on table content_links is
  'Which content a link leads to. Who saves the link locks its row first. A row tells no more than the content''s address does.';

insert into content_links (url_hash, content_id, created_at)
select url_hash, content_id, created_at
from content_addresses;
-- What was found to lead elsewhere does so still.
insert into content_links (url_hash, content_id, created_at)
select url_hash, id, created_at
from shared_contents
on conflict (url_hash) do nothing;
create index content_links_by_content on content_links (content_id);
drop table content_addresses;

alter table shared_contents drop constraint shared_contents_url_hash_key;
comment on column shared_contents.url_hash is 'The key of its own address. content_links is where links are looked up.';
