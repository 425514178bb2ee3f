import type { Sql } from '../ground/database/connection.ts'
import type { Role } from './permissions.ts'
import type { User } from './schema.ts'

/** A user as every request sees them: `library_version` is what conditional GETs compare. */
export type Account = User & { role: Role; library_version: number }

/**
 * Adds a user and their empty library.
 * @throws the constraint `users_email_taken` when the email is registered already.
 */
export async function insertUser(
  sql: Sql,
  user: { id: string; email: string; password_hash: string },
): Promise<User> {
  const [added] = await sql<User[]>`
    with added as (
      insert into users (id, email, password_hash)
      values (${user.id}, ${user.email}, ${user.password_hash})
      returning id, email, created_at
    ), library as (
      insert into libraries (user_id)
      select id from added
    )
    select id, email, created_at from added`
  return added!
}

export async function findUser(sql: Sql, id: string): Promise<Account | undefined> {
  const [user] = await sql<Account[]>`
    select u.id, u.email, u.role, u.created_at, l.version as library_version
    from users u
    join libraries l on l.user_id = u.id
    where u.id = ${id}`
  return user
}

export async function findLogin(
  sql: Sql,
  email: string,
): Promise<(User & { password_hash: string }) | undefined> {
  const [user] = await sql<(User & { password_hash: string })[]>`
    select id, email, created_at, password_hash
    from users
    where email = ${email}`
  return user
}

/** The key with which passwords are hashed before bcrypt; every database has had one since its first migration. */
export async function readPepper(sql: Sql): Promise<string> {
  const [setting] = await sql<{ value: string }[]>`
    select value
    from server_settings
    where name = 'password_pepper'`
  return setting!.value
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
