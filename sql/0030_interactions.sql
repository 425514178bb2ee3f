-- What users do with contents, and how much of it there was each day.
create table interactions (
  user_id uuid not null,
  id uuid not null,
  content_id uuid not null,
  interaction_type text not null,
  rating numeric(2, 1),
  duration_ms integer,
  metadata jsonb not null default '{}',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint interactions_pkey primary key (user_id, id),
  constraint interactions_type_is_known check (interaction_type in
    ('view', 'open', 'click', 'like', 'dislike', 'share', 'save', 'rate', 'dismiss', 'dwell')),
  constraint interactions_rating_is_in_halves check (rating between 1 and 5 and rating * 2 = trunc(rating * 2)),
  constraint interactions_rate_has_rating check (interaction_type <> 'rate' or rating is not null),
  constraint interactions_duration_is_within_a_day check (duration_ms between 0 and 86400000)
);
alter table interactions add constraint interactions_user_fkey
  foreign key (user_id) references users (id) on delete cascade;
create index interactions_by_time on interactions (user_id, created_at, id);
create index interactions_by_type on interactions (user_id, interaction_type, created_at, id);
create index interactions_by_rating on interactions (user_id, rating, id) where rating is not null;
-- For one user's own list of a content, and for what everybody did with it, which is counted without reading the rows.
create index interactions_by_content on interactions (content_id, user_id, created_at, id)
  include (interaction_type, rating, duration_ms);
create index interactions_by_age on interactions (created_at);
comment on table interactions is 'What a user did with a save or a work of theirs, or with somebody''s public one.';
comment on column interactions.id is 'The client may choose it, so that what is sent again is kept once.';
comment on column interactions.content_id is
  'A save or a work. No foreign key: what was done stays when the content goes, and it may be another user''s.';
select secure_rows('interactions');

create table interaction_counts (
  user_id uuid not null,
  interaction_type text not null,
  interactions integer not null,
  constraint interaction_counts_pkey primary key (user_id, interaction_type)
);
-- After that of interactions: what goes with a user goes in the order of locks.
alter table interaction_counts add constraint interaction_counts_user_fkey
  foreign key (user_id) references users (id) on delete cascade;
comment on table interaction_counts is
  'How many interactions of each kind a user has, so that a list counts none. Kept by who writes interactions.';
select secure_rows('interaction_counts');

create table interaction_days (
  day date not null,
  interaction_type text not null,
  interactions integer not null,
  users integer not null,
  constraint interaction_days_pkey primary key (day, interaction_type)
);
comment on table interaction_days is 'What all users did on each day that is over, counted once by a job. Names nobody.';
comment on column interaction_days.interaction_type is 'Or any: all of them together, so that each user counts once.';
