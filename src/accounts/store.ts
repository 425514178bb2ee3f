import type { Sql } from '../ground/database/connection.ts'
import type { Role } from './permissions.ts'

/** What is written of a new account. */
export interface NewUser {
  id: string
  email: string
  password_hash: string | null
  username?: string | null
  role?: Role
  subscription_tier: string
  must_change_password?: boolean
  created_by?: string | null
}

/**
 * Adds a user and their empty library.
 * @throws the constraint `users_email_taken` when the email is registered already, `users_username_taken` likewise
 */
export async function insertUser(sql: Sql, user: NewUser): Promise<void> {
  await sql`
    with added as (
      insert into users (
        id, email, password_hash, username, role, subscription_tier, must_change_password, created_by
      )
      values (
        ${user.id}, ${user.email}, ${user.password_hash}, ${user.username ?? null}, ${user.role ?? 'normal'},
        ${user.subscription_tier}, ${user.must_change_password ?? false}, ${user.created_by ?? null}
      )
      returning id
    )
    insert into libraries (user_id)
    select id from added`
}

/** Whether there is any account, also one in the trash. */
export async function hasUsers(sql: Sql): Promise<boolean> {
  const found = await sql`select from users limit 1`
  return found.length > 0
}

/** One after the other decide whether theirs is the first account. */
export async function lockRegistration(sql: Sql): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('trove registration'))`
}

export interface Login {
  id: string
  email: string
  password_hash: string | null
  is_active: boolean
}

/** The account that somebody signs in to, by its email or its username. */
export async function findLogin(sql: Sql, name: string): Promise<Login | undefined> {
  const [user] = await sql<Login[]>`
    select id, email, password_hash, is_active
    from users
    where ${name.includes('@') ? sql`email` : sql`username`} = ${name} and deleted_at is null`
  return user
}

/** An account's own password, by its id. */
export async function findPassword(sql: Sql, id: string): Promise<Login | undefined> {
  const [user] = await sql<Login[]>`
    select id, email, password_hash, is_active
    from users
    where id = ${id} and deleted_at is null`
  return user
}

/** The same, as it stays until the transaction ends. */
export async function lockPassword(sql: Sql, id: string): Promise<Login | undefined> {
  const [user] = await sql<Login[]>`
    select id, email, password_hash, is_active
    from users
    where id = ${id} and deleted_at is null
    for no key update`
  return user
}

/** Gives a password another hash: a new password, or the same one by the key of today. */
export async function setPasswordHash(sql: Sql, id: string, hash: string): Promise<void> {
  await sql`
    update users
    set password_hash = ${hash}
    where id = ${id}`
}

export interface Profile {
  id: string
  email: string
  username: string | null
  role: Role
  subscription_tier: 'free' | 'pro' | 'enterprise'
  must_change_password: boolean
  created_at: string
  full_name: string | null
  company_name: string | null
  locale: string | null
  timezone: string | null
  erase_at: string | null
}

export async function findProfile(sql: Sql, id: string): Promise<Profile> {
  const [profile] = await sql<Profile[]>`
    select id, email, username, role, subscription_tier, must_change_password, created_at,
      full_name, company_name, locale, timezone, erase_at
    from users
    where id = ${id}`
  return profile!
}

type Editable = Pick<Profile, 'username' | 'full_name' | 'company_name' | 'locale' | 'timezone'>

/**
 * Changes a part of a profile; what is not named stays.
 * @throws the constraint `users_username_taken`
 */
export async function editProfile(
  sql: Sql,
  id: string,
  changes: { [Field in keyof Editable]?: Editable[Field] | undefined },
): Promise<void> {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
  if (Object.keys(given).length === 0) return
  await sql`
    update users
    set ${sql(given)}, updated_at = now()
    where id = ${id}`
}

/**
 * The key with which passwords were hashed before they were by ENCRYPTION_KEY; undefined where no hash of then is left.
 */
export async function readOldPepper(sql: Sql): Promise<string | undefined> {
  const [setting] = await sql<{ value: string }[]>`
    select value
    from server_settings
    where name = 'password_pepper'`
  return setting?.value
}

/** Drops that key when no hash was made with it. */
export async function dropOldPepper(sql: Sql): Promise<void> {
  await sql`
    delete from server_settings
    where name = 'password_pepper'
      and not exists (select from users where password_hash not like 'k1.%')`
}

/** How long a network is known after the last sign-in. */
export const KNOWN_DAYS = 30

/** Whether somebody signed in with this pair of account and network within a month. */
export async function isKnownNetwork(sql: Sql, pairHash: string): Promise<boolean> {
  const found = await sql`
    select 1
    from known_networks
    where pair_hash = ${pairHash} and created_at > now() - make_interval(days => ${KNOWN_DAYS})`
  return found.length > 0
}

/** Remembers a pair for a month from now. */
export async function rememberNetwork(sql: Sql, pairHash: string): Promise<void> {
  await sql`
    insert into known_networks (pair_hash)
    values (${pairHash})
    on conflict (pair_hash) do update
    set created_at = excluded.created_at
    where known_networks.created_at < excluded.created_at - interval '1 day'`
}
