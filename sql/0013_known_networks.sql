-- From which networks somebody has signed in to an account within a month: guesses that others make elsewhere do not
-- hold up who comes from there. A row is a keyed hash of both, so it tells neither; the admin has rows as users have.
create table known_networks (
  pair_hash text primary key,
  created_at timestamptz(3) not null default now()
);
create index known_networks_by_age on known_networks (created_at);
comment on column known_networks.created_at is 'Of the last sign-in, to a day.';

-- How much waits for a user's webhooks is counted whenever more is planned.
create index webhook_deliveries_pending on webhook_deliveries (user_id) where status = 'pending';
