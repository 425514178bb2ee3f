-- Collections: bookmarks organise saves and works in categories, which may be shared by a link. Who changes one user's
-- collections locks their category "Uncategorized" first, so that one change follows the other.
create table bookmark_categories (
  user_id uuid not null,
  id uuid not null,
  name text not null,
  -- Folded, a letter may become several, and an index has no room for all of them.
  name_key text generated always as (left(folded(name), 255)) stored,
  description text,
  color text,
  icon text,
  cover_content_id uuid,
  parent_id uuid,
  sort_index integer not null default 0,
  is_uncategorized boolean not null default false,
  is_public boolean not null default false,
  query text,
  share_token_sealed text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint bookmark_categories_pkey primary key (user_id, id),
  constraint bookmark_categories_name_is_short check (length(name) between 1 and 255),
  constraint bookmark_categories_not_under_itself check (parent_id <> id),
  constraint bookmark_categories_uncategorized_is_plain check (not is_uncategorized or (parent_id is null and query is null))
);
alter table bookmark_categories add constraint bookmark_categories_user_fkey
  foreign key (user_id) references users (id) on delete cascade;
alter table bookmark_categories add constraint bookmark_categories_parent_fkey
  foreign key (user_id, parent_id) references bookmark_categories (user_id, id) on delete cascade;
create unique index bookmark_categories_name_taken
  on bookmark_categories (user_id, coalesce(parent_id, '00000000-0000-0000-0000-000000000000'), name_key);
create unique index bookmark_categories_one_uncategorized on bookmark_categories (user_id) where is_uncategorized;
comment on table bookmark_categories is 'What a user sorts bookmarks into; with a query, a view of what it finds.';
comment on column bookmark_categories.name_key is 'The name, folded: two that differ in case or accents alone are one.';
comment on column bookmark_categories.cover_content_id is 'A save or a work; shown as long as that is there.';
comment on column bookmark_categories.query is 'Makes it smart: it holds the saves that this search finds, and no members.';
comment on column bookmark_categories.share_token_sealed is 'What its link is found by, sealed with ENCRYPTION_KEY; null until it was first public.';
select secure_rows('bookmark_categories');

create table bookmarks (
  user_id uuid not null,
  id uuid not null,
  save_id uuid,
  work_id uuid,
  note text,
  pinned boolean not null default false,
  is_public boolean not null default false,
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint bookmarks_pkey primary key (user_id, id),
  constraint bookmarks_save_taken unique (user_id, save_id),
  constraint bookmarks_work_taken unique (user_id, work_id),
  constraint bookmarks_of_one_thing check (num_nonnulls(save_id, work_id) = 1)
);
alter table bookmarks add constraint bookmarks_user_fkey foreign key (user_id) references users (id) on delete cascade;
alter table bookmarks add constraint bookmarks_save_fkey
  foreign key (user_id, save_id) references user_content_saves (user_id, id) on delete cascade;
alter table bookmarks add constraint bookmarks_work_fkey
  foreign key (user_id, work_id) references works (user_id, id) on delete cascade;
create index bookmarks_deleted on bookmarks (deleted_at) where deleted_at is not null;
comment on table bookmarks is 'A place for a save or a work in the user''s collections.';
comment on column bookmarks.note is 'Private, as that of a save.';
comment on column bookmarks.deleted_at is 'Hidden since then. Bookmarking the same again brings it back.';
select secure_rows('bookmarks');

create table bookmark_memberships (
  user_id uuid not null,
  bookmark_id uuid not null,
  category_id uuid not null,
  position integer not null,
  is_hidden boolean not null default false,
  created_at timestamptz(3) not null default now(),
  constraint bookmark_memberships_pkey primary key (user_id, bookmark_id, category_id)
);
alter table bookmark_memberships add constraint bookmark_memberships_bookmark_fkey
  foreign key (user_id, bookmark_id) references bookmarks (user_id, id) on delete cascade;
alter table bookmark_memberships add constraint bookmark_memberships_category_fkey
  foreign key (user_id, category_id) references bookmark_categories (user_id, id) on delete cascade;
create index bookmark_memberships_by_category
  on bookmark_memberships (user_id, category_id, position, bookmark_id) where not is_hidden;
create index bookmark_memberships_of_category on bookmark_memberships (user_id, category_id);
comment on table bookmark_memberships is 'Which bookmarks a category holds. Each bookmark is in one at least.';
comment on column bookmark_memberships.position is
  'Their order. What is deleted leaves a gap, so the place that is shown is counted.';
comment on column bookmark_memberships.is_hidden is 'A copy: the bookmark is deleted. So that a category is counted by its index alone.';
select secure_rows('bookmark_memberships');

create table category_shares (
  token_hash text not null,
  owner_id uuid not null,
  category_id uuid not null,
  created_at timestamptz(3) not null default now(),
  constraint category_shares_pkey primary key (token_hash)
);
create index category_shares_by_owner on category_shares (owner_id, category_id);
comment on table category_shares is 'Finds a shared category by SHA-256 of its token; whether it is public says the category.';
