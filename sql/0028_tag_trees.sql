-- Tags in trees, what users think of them, and how much there is of each.
alter table tags
  add column rating_count integer not null default 0,
  add column rating_sum double precision not null default 0,
  add column average_rating double precision generated always as (rating_sum / nullif(rating_count, 0)) stored;
comment on column tags.rating_count is 'Of how many users there is a row in tag_ratings; kept by whoever writes there.';
create index tags_of_owner on tags (owner_id, created_at, id);

-- Which tag stands directly beneath which. All edges change one after the other, under one lock.
create table tag_edges (
  child_id uuid not null,
  parent_id uuid not null,
  owner_id uuid,
  created_at timestamptz(3) not null default now(),
  constraint tag_edges_pkey primary key (child_id, parent_id),
  constraint tag_edges_are_no_loops check (child_id <> parent_id)
);
create index tag_edges_by_parent on tag_edges (parent_id, child_id);
create index tag_edges_by_owner on tag_edges (owner_id);
alter table tag_edges
  add constraint tag_edges_child_fkey foreign key (child_id) references tags (id) on delete cascade,
  add constraint tag_edges_parent_fkey foreign key (parent_id) references tags (id) on delete cascade;
comment on column tag_edges.owner_id is 'Whose the child is; null for a shared one, which stands beneath shared ones alone.';

-- What follows from the edges: rewritten by whoever changes one, in the same transaction.
create table tag_closure (
  descendant_id uuid not null,
  ancestor_id uuid not null,
  owner_id uuid,
  depth integer not null,
  constraint tag_closure_pkey primary key (descendant_id, ancestor_id),
  constraint tag_closure_has_no_loops check (descendant_id <> ancestor_id)
);
create index tag_closure_by_ancestor on tag_closure (ancestor_id, owner_id, depth);
create index tag_closure_by_owner on tag_closure (owner_id);
alter table tag_closure
  add constraint tag_closure_descendant_fkey foreign key (descendant_id) references tags (id) on delete cascade,
  add constraint tag_closure_ancestor_fkey foreign key (ancestor_id) references tags (id) on delete cascade;
comment on column tag_closure.owner_id is 'Whose the descendant is.';
comment on column tag_closure.depth is 'How many edges the shortest way has.';

create table tag_aliases (
  id uuid not null,
  tag_id uuid not null,
  owner_id uuid,
  name text not null,
  name_key text not null,
  created_at timestamptz(3) not null default now(),
  constraint tag_aliases_pkey primary key (id)
);
create index tag_aliases_by_tag on tag_aliases (tag_id);
create unique index tag_aliases_shared_name_taken on tag_aliases (name_key) where owner_id is null;
create unique index tag_aliases_own_name_taken on tag_aliases (owner_id, name_key) where owner_id is not null;
alter table tag_aliases
  add constraint tag_aliases_tag_fkey foreign key (tag_id) references tags (id) on delete cascade;
comment on table tag_aliases is 'Other names of tags: those that were merged into them, too.';
comment on column tag_aliases.owner_id is 'For whom the name means the tag; null: for everybody.';

create table tag_ratings (
  user_id uuid not null,
  tag_id uuid not null,
  rating numeric(2, 1) not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint tag_ratings_pkey primary key (user_id, tag_id),
  constraint tag_ratings_are_halves check (rating between 1 and 5 and rating * 2 = trunc(rating * 2))
);
alter table tag_ratings add constraint tag_ratings_user_fkey
  foreign key (user_id) references users (id) on delete cascade;
select secure_rows('tag_ratings');

create table tag_favorites (
  user_id uuid not null,
  tag_id uuid not null,
  created_at timestamptz(3) not null default now(),
  constraint tag_favorites_pkey primary key (user_id, tag_id)
);
alter table tag_favorites add constraint tag_favorites_user_fkey
  foreign key (user_id) references users (id) on delete cascade;
select secure_rows('tag_favorites');

create table dropped_tags (
  user_id uuid not null,
  save_id uuid not null,
  name_key text not null,
  created_at timestamptz(3) not null default now(),
  constraint dropped_tags_pkey primary key (user_id, save_id, name_key)
);
alter table dropped_tags add constraint dropped_tags_save_fkey
  foreign key (user_id, save_id) references user_content_saves (user_id, id) on delete cascade;
comment on table dropped_tags is 'Names that a user took off a save: what understands its content does not offer them again.';
select secure_rows('dropped_tags');

create table tag_cardinality_stats (
  user_id uuid not null,
  tag_id uuid not null,
  content_source text not null,
  cardinality integer not null,
  constraint tag_cardinality_stats_pkey primary key (user_id, tag_id, content_source),
  constraint tag_cardinality_stats_source_is_known check (content_source in ('items', 'auto'))
);
alter table tag_cardinality_stats add constraint tag_cardinality_stats_user_fkey
  foreign key (user_id) references users (id) on delete cascade;
comment on table tag_cardinality_stats is
  'How many saves and works of a user have a tag, which they alone know of: all with an own tag, and what is not public with a shared one. Written daily.';
select secure_rows('tag_cardinality_stats');

create table shared_tag_stats (
  tag_id uuid not null,
  content_source text not null,
  cardinality integer not null,
  constraint shared_tag_stats_pkey primary key (tag_id, content_source),
  constraint shared_tag_stats_source_is_known check (content_source in ('items', 'auto'))
);
comment on table shared_tag_stats is 'How much that is public has a shared tag, whosever it is. Written daily.';
