// Idempotency-Key: a request that is sent again has its effect once, and gets the first answer again
// (after draft-ietf-httpapi-idempotency-key-header).
import { createHash } from 'node:crypto'
import type { Sql } from '../../database/connection.ts'
import { invalidField, keyInUse, keyReused } from '../problems.ts'
import { findAnswer, lockKey, storeAnswer } from './store.ts'

/**
 * Runs `effect` in one transaction; with an `Idempotency-Key` what it gives is stored in the same one, for 24 hours.
 * A failed effect stores nothing, so that the client may try again.
 * @param asked `route` such as `POST /v1/items`; `same` is what the request is recognised by: its body as the schema read
 *   it, so that spelling does not count
 * @returns what the effect gave, now or when the key was first used
 * @throws {Problem} 422 for a key that is malformed or was used with another body, 409 while the first is running.
 */
export async function once<Body>(
  { begin }: { begin: <T>(work: (tx: Sql) => Promise<T>) => Promise<T> },
  asked: { request: Request; user: { id: string }; route: string; status: number; same: unknown },
  effect: (tx: Sql) => Promise<Body>,
): Promise<{ body: Body; replayed: boolean }> {
  const key = readKey(asked.request)
  return begin(async tx => {
    if (key === undefined) return { body: await effect(tx), replayed: false }
    const of = { user_id: asked.user.id, route: asked.route, key }
    if (!(await lockKey(tx, of))) throw keyInUse()
    const request_hash = hashOf(asked.same)
    const stored = await findAnswer(tx, of)
    if (stored && stored.request_hash !== request_hash) throw keyReused()
    if (stored) return { body: stored.body as Body, replayed: true }
    const body = await effect(tx)
    await storeAnswer(tx, of, { status: asked.status, body, request_hash })
    return { body, replayed: false }
  })
}

function readKey(request: Request): string | undefined {
  const key = request.headers.get('idempotency-key')
  if (key === null || /^[\x21-\x7e]{1,255}$/.test(key)) return key ?? undefined
  const rule = 'must be 1 to 255 visible ASCII characters'
  throw invalidField(`Idempotency-Key ${rule}`, ['header', 'idempotency-key'], 'idempotency_key')()
}

const hashOf = (body: unknown) =>
  createHash('sha256')
    .update(JSON.stringify(body ?? null))
    .digest('hex')
