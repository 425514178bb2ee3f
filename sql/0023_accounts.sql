-- Accounts: who somebody is and may do, their sessions and tokens, programs that call with a key, invitations, what an
-- admin sets while it runs, backups, and what is left of who has gone.
alter table users drop constraint users_role_is_known;
update users set role = 'normal' where role = 'user';
alter table users alter column role set default 'normal';
alter table users alter column password_hash drop not null;
alter table users
  add column username text,
  add column full_name text,
  add column company_name text,
  add column locale text,
  add column timezone text,
  add column is_active boolean not null default true,
  add column subscription_tier text not null default 'enterprise',
  add column must_change_password boolean not null default false,
  add column preferences jsonb not null default '{}',
  add column created_by uuid,
  add column last_login timestamptz(3),
  add column tokens_from timestamptz(3),
  add column deleted_at timestamptz(3),
  add column erase_at timestamptz(3);
alter table users add constraint users_role_is_known check (role in ('normal', 'superuser', 'admin'));
alter table users add constraint users_tier_is_known check (subscription_tier in ('free', 'pro', 'enterprise'));
alter table users add constraint users_username_is_normal check (username ~ '^[a-z0-9_-]{3,40}$');
alter table users drop constraint users_email_taken;
create unique index users_email_taken on users (email) where deleted_at is null;
create unique index users_username_taken on users (username) where deleted_at is null;
create index users_by_erasure on users (erase_at) where erase_at is not null;
comment on column users.role is 'What somebody may do: src/accounts/permissions.ts.';
comment on column users.password_hash is 'Null for who signs in elsewhere only.';
comment on column users.tokens_from is 'A token that names no session counts when it was issued since then; null: always.';
comment on column users.deleted_at is 'In the trash: nobody signs in, email and username are free, an admin may restore it.';
comment on column users.erase_at is 'When everything of the user goes; null: not asked for.';

-- Passwords are hashed with a key that is not in the database; this one is for hashes of before.
delete from server_settings
where name = 'password_pepper' and not exists (select from users where password_hash is not null);

create table sessions (
  user_id uuid not null,
  id uuid not null,
  remembers boolean not null,
  counter integer not null default 0,
  rotated_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  last_used_at timestamptz(3) not null default now(),
  ip_address text,
  user_agent text,
  created_at timestamptz(3) not null default now(),
  constraint sessions_pkey primary key (user_id, id)
);
alter table sessions add constraint sessions_user_fkey foreign key (user_id) references users (id) on delete cascade;
create index sessions_by_expiry on sessions (expires_at);
comment on table sessions is 'Where somebody is signed in. A session that ends is no row.';
comment on column sessions.counter is 'Of the refresh token that counts now.';
comment on column sessions.last_used_at is 'To five minutes.';

create table password_resets (
  user_id uuid not null,
  token_hash text not null,
  expires_at timestamptz(3) not null,
  created_at timestamptz(3) not null default now(),
  constraint password_resets_pkey primary key (user_id)
);
alter table password_resets add constraint password_resets_user_fkey
  foreign key (user_id) references users (id) on delete cascade;
comment on table password_resets is 'The one reset link of a user that counts.';

create table personal_tokens (
  user_id uuid not null,
  id uuid not null,
  name text not null,
  scopes jsonb not null,
  token_hash text not null,
  expires_at timestamptz(3),
  last_used_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  constraint personal_tokens_pkey primary key (user_id, id)
);
alter table personal_tokens add constraint personal_tokens_user_fkey
  foreign key (user_id) references users (id) on delete cascade;
comment on table personal_tokens is 'Tokens that people made for their own programs; the user’s id stands in each.';
comment on column personal_tokens.last_used_at is 'To five minutes.';

create table sign_in_identities (
  identity_hash text not null,
  account_id uuid not null,
  issuer text not null,
  created_at timestamptz(3) not null default now(),
  constraint sign_in_identities_pkey primary key (identity_hash)
);
create index sign_in_identities_by_account on sign_in_identities (account_id);
comment on table sign_in_identities is 'Whose account somebody is at an OpenID provider: SHA-256 of issuer and subject.';

create table signing_keys (
  id text not null,
  secret_sealed text,
  active_from timestamptz(3) not null,
  ends_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  constraint signing_keys_pkey primary key (id)
);
comment on table signing_keys is 'The keys of access tokens. The youngest that is active signs; the others verify until they end.';
comment on column signing_keys.id is 'The `kid` of its tokens.';
comment on column signing_keys.secret_sealed is 'Null for JWT_SECRET_KEY, which is not kept.';

create table api_clients (
  id uuid not null,
  name text not null,
  description text,
  permissions jsonb not null,
  acts_as_user_id uuid not null,
  require_signature boolean not null,
  key_hash text not null,
  key_prefix text not null,
  secret_sealed text not null,
  previous_key_hash text,
  previous_secret_sealed text,
  previous_until timestamptz(3),
  is_active boolean not null default true,
  expires_at timestamptz(3),
  last_used_at timestamptz(3),
  created_by uuid not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint api_clients_pkey primary key (id)
);
create index api_clients_by_user on api_clients (acts_as_user_id);
comment on table api_clients is 'Programs that call with a key or sign their requests; the client’s id stands in the key.';
comment on column api_clients.secret_sealed is 'Sealed and not hashed, since signatures are checked with the secret itself.';

create table used_nonces (
  nonce_hash text not null,
  created_at timestamptz(3) not null default now(),
  constraint used_nonces_pkey primary key (nonce_hash)
);
create index used_nonces_by_age on used_nonces (created_at);
comment on table used_nonces is 'Of signed requests, each with its client: none counts twice.';

create table invitations (
  id uuid not null,
  token_hash text not null,
  email text,
  role text not null,
  created_by uuid not null,
  expires_at timestamptz(3) not null,
  used_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  constraint invitations_pkey primary key (id),
  constraint invitations_role_is_known check (role in ('normal', 'superuser', 'admin'))
);
create index invitations_by_age on invitations (created_at);

create table settings (
  key text not null,
  value jsonb not null,
  version bigint not null,
  updated_by uuid,
  updated_at timestamptz(3) not null default now(),
  constraint settings_pkey primary key (key)
);
comment on table settings is 'What an admin has set while Trove runs; what is not here is as the environment says.';

create table erasures (
  id uuid not null,
  person_hash text not null,
  status text not null,
  scheduled_for timestamptz(3) not null,
  finished_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  constraint erasures_pkey primary key (id),
  constraint erasures_status_is_known check (status in ('scheduled', 'running', 'done', 'cancelled'))
);
create index erasures_by_person on erasures (person_hash);
comment on table erasures is 'Who asked to be erased, so that a backup of before does not bring them back.';
comment on column erasures.person_hash is 'SHA-256 of the user’s id, which is nowhere else once they are erased.';

create table backups (
  id uuid not null,
  status text not null,
  file text,
  bytes bigint,
  sha256 text,
  counts jsonb,
  error_message text,
  created_by uuid not null,
  verified_at timestamptz(3),
  finished_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  constraint backups_pkey primary key (id),
  constraint backups_status_is_known check (status in ('PENDING', 'PROCESSING', 'READY', 'FAILED'))
);
comment on column backups.file is 'Its name in the folder that backups are written to.';

-- Admins read everybody's, the newest first.
create index audit_entries_by_id on audit_entries (id);
