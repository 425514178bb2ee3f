import type { Pool, Sql } from './connection.ts'

type Results<Parts extends readonly unknown[]> = { -readonly [I in keyof Parts]: Awaited<Parts[I]> }

/**
 * Waits for statements of one transaction that need no answer of each other. Started before any is awaited they go to
 * the server at once, in that order, and cost one round trip between them.
 * @param parts in the order in which they were started; undefined for what is not needed this time
 * @throws what the first part to fail throws, when all have ended: whatever comes after a failure fails for that
 *   reason alone, and a transaction must not be left while one of its statements is under way
 */
export async function together<const Parts extends readonly (Promise<unknown> | undefined)[]>(
  ...parts: Parts
): Promise<Results<Parts>> {
  const ended = await Promise.allSettled(parts)
  for (const part of ended) if (part.status === 'rejected') throw part.reason
  return ended.map(part => (part as PromiseFulfilledResult<unknown>).value) as Results<Parts>
}

/**
 * What several statements find at one and the same moment, so that a list and its total agree: what is removed between
 * two statements would be counted and not listed. It costs two statements that do nothing.
 */
export const atOneMoment = <const Parts extends readonly Promise<unknown>[]>(
  sql: Pool,
  ask: (sql: Sql) => Parts,
): Promise<Results<Parts>> =>
  sql.begin('isolation level repeatable read read only', tx => together(...ask(tx))) as Promise<
    Results<Parts>
  >
