import type { Sql } from '../../database/connection.ts'

export interface KeyOf {
  user_id: string
  /** Such as `POST /v1/items`. */
  route: string
  key: string
}

export interface StoredAnswer {
  status: number
  body: unknown
  request_hash: string
}

/** Takes the key for the rest of the transaction; false when another transaction has it, in whatever process. */
export async function lockKey(sql: Sql, { user_id, route, key }: KeyOf): Promise<boolean> {
  const name = `${user_id} ${route} ${key}`
  const [lock] = await sql<{ taken: boolean }[]>`
    select pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) as taken`
  return lock!.taken
}

/** The answer of the last 24 hours to this key. */
export async function findAnswer(sql: Sql, of: KeyOf): Promise<StoredAnswer | undefined> {
  const [answer] = await sql<StoredAnswer[]>`
    select status, body, request_hash
    from idempotency_keys
    where user_id = ${of.user_id} and route = ${of.route} and key = ${of.key}
      and created_at > now() - interval '24 hours'`
  return answer
}

/** Keeps an answer, in place of one that has expired. */
export async function storeAnswer(sql: Sql, of: KeyOf, answer: StoredAnswer): Promise<void> {
  await sql`
    insert into idempotency_keys (user_id, route, key, request_hash, status, body)
    values (
      ${of.user_id}, ${of.route}, ${of.key}, ${answer.request_hash}, ${answer.status},
      ${sql.json(answer.body as never)}
    )
    on conflict (user_id, route, key) do update
    set request_hash = excluded.request_hash, status = excluded.status,
      body = excluded.body, created_at = excluded.created_at`
}

/** Drops what a user's keys stand for. */
export async function dropKeysOf(sql: Sql, userId: string): Promise<void> {
  await sql`
    delete from idempotency_keys
    where user_id = ${userId}`
}
