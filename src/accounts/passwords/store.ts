import type { Sql } from '../../ground/database/connection.ts'

/** Whose password is set, and by which link. */
interface Reset {
  user_id: string
  token_hash: string
}

/** Makes this the one link of its user that counts, for an hour. @returns until when */
export async function putReset(sql: Sql, { user_id, token_hash }: Reset): Promise<string> {
  const [reset] = await sql<{ expires_at: string }[]>`
    insert into password_resets (user_id, token_hash, expires_at)
    values (${user_id}, ${token_hash}, now() + interval '1 hour')
    on conflict (user_id) do update
    set token_hash = excluded.token_hash, expires_at = excluded.expires_at, created_at = excluded.created_at
    returning expires_at`
  return reset!.expires_at
}

/** The email of the account that a link is for; undefined where the link does not count, or not any more. */
export async function findReset(sql: Sql, { user_id, token_hash }: Reset): Promise<string | undefined> {
  const [found] = await sql<{ email: string }[]>`
    select u.email
    from password_resets r
    join users u on u.id = r.user_id
    where r.user_id = ${user_id} and r.token_hash = ${token_hash} and r.expires_at > now() and u.deleted_at is null`
  return found?.email
}

/** Uses a link up. @returns whether it counted: of two who come at once one is told so */
export async function takeReset(sql: Sql, { user_id, token_hash }: Reset): Promise<boolean> {
  const taken = await sql`
    delete from password_resets
    where user_id = ${user_id} and token_hash = ${token_hash} and expires_at > now()
    returning user_id`
  return taken.length > 0
}

/** The link of a user counts no more. */
export async function dropReset(sql: Sql, userId: string): Promise<void> {
  await sql`
    delete from password_resets
    where user_id = ${userId}`
}

/** Sets a password that its user has chosen. */
export async function setPassword(sql: Sql, id: string, hash: string): Promise<void> {
  await sql`
    update users
    set password_hash = ${hash}, must_change_password = false, updated_at = now()
    where id = ${id}`
}
