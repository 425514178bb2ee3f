import type { Sql } from '../../ground/database/connection.ts'

/** Whoever holds keys in memory is told here that there are others. */
export const KEYS_CHANNEL = 'trove_signing_keys'

export interface KeyRow {
  /** The `kid` of its tokens. */
  id: string
  secret_sealed: string | null
  active_from: string
  ends_at: string | null
  created_at: string
}

/** All keys, those of which no token can be alive included, the youngest first. */
export async function listKeys(sql: Sql): Promise<KeyRow[]> {
  return sql<KeyRow[]>`
    select id, secret_sealed, active_from, ends_at, created_at
    from signing_keys
    order by active_from desc, id desc`
}

/**
 * Adds a key. Whoever else is told of it at the transaction's end.
 * @param afterSeconds when it begins to sign: others shall know it before they meet its tokens
 * @returns whether there was none of this id
 */
export async function addKey(
  sql: Sql,
  key: { id: string; secret_sealed: string | null },
  afterSeconds: number,
): Promise<boolean> {
  const added = await sql`
    insert into signing_keys (id, secret_sealed, active_from)
    values (${key.id}, ${key.secret_sealed}, now() + make_interval(secs => ${afterSeconds}))
    on conflict (id) do nothing
    returning id`
  await sql`select pg_notify(${KEYS_CHANNEL}, '')`
  return added.length > 0
}

/** Lets all keys but one end in so many seconds, where they do not end before. */
export async function endOtherKeys(sql: Sql, id: string, inSeconds: number): Promise<void> {
  await sql`
    update signing_keys
    set ends_at = least(ends_at, now() + make_interval(secs => ${inSeconds}))
    where id <> ${id} and (ends_at is null or ends_at > now())`
}

/** Drops keys of which no token can be alive; not JWT_SECRET_KEY’s, which would be taken for a new one. */
export async function dropEndedKeys(sql: Sql): Promise<void> {
  await sql`
    delete from signing_keys
    where secret_sealed is not null and ends_at < now() - interval '90 days'`
}

/** A sealed key with the text that a younger key has sealed. */
export async function resealKey(sql: Sql, id: string, sealed: string): Promise<void> {
  await sql`
    update signing_keys
    set secret_sealed = ${sealed}
    where id = ${id}`
}
