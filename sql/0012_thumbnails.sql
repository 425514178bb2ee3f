-- Pictures of strangers, fetched and made small by us, so that nobody's browser asks a stranger for them. A cache, so
-- unlogged: what is lost in a crash is fetched again, and backups leave it out.
create unlogged table thumbnails (
  content_id uuid not null references shared_contents on delete cascade,
  hash text not null,
  width smallint not null,
  bytes bytea,
  created_at timestamptz(3) not null default now(),
  primary key (content_id, hash, width)
);
comment on column thumbnails.hash is 'MD5 of the picture''s address, in hex: an address that changes makes another picture.';
comment on column thumbnails.bytes is 'WebP; null when the picture could not be had, which holds for an hour.';
-- WebP does not compress further.
alter table thumbnails alter column bytes set storage external;
create index thumbnails_by_age on thumbnails (created_at);
