// Idempotency-Key: a request that is sent again has its effect once, and gets the first answer again
// (after draft-ietf-httpapi-idempotency-key-header).
import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import type { Sql } from '../database/connection.ts'
import { invalidField, Problem } from '../errors.ts'
import { findAnswer, lockKey, storeAnswer } from './idempotency/store.ts'

export interface Answer<Body> {
  status: number
  body: Body
  location?: string
}
export interface Outcome<Body> extends Answer<Body> {
  /** Whether this is the stored answer of an earlier request. */
  replayed: boolean
}

/**
 * Runs `effect` in one transaction; with an `Idempotency-Key` its answer is stored in the same one, for 24 hours.
 * A failed effect stores nothing, so that the client may try again.
 * @param asked `route` such as `POST /v1/items`; `body` as the schema read it, so that spelling does not count.
 * @throws {Problem} 422 for a key that is malformed or was used with another body, 409 while the first is running.
 */
export async function idempotent<Body>(
  { queue }: Pick<Context, 'queue'>,
  asked: { request: Request; user: { id: string }; route: string; body: unknown },
  effect: (tx: Sql) => Promise<Answer<Body>>,
): Promise<Outcome<Body>> {
  const key = readKey(asked.request)
  return queue.begin(async tx => {
    if (key === undefined) return { ...(await effect(tx)), replayed: false }
    const of = { user_id: asked.user.id, route: asked.route, key }
    if (!(await lockKey(tx, of))) {
      throw new Problem(
        409,
        'IDEMPOTENCY_KEY_IN_USE',
        'The first request with this Idempotency-Key is still running',
        {
          retry_after: 1,
        },
      )
    }
    const request_hash = hashOf(asked.body)
    const stored = await findAnswer(tx, of)
    if (stored) return replay<Body>(stored, request_hash)
    const answer = await effect(tx)
    const { status, body, location = null } = answer
    await storeAnswer(tx, of, { status, body, location, request_hash })
    return { ...answer, replayed: false }
  })
}

/** Gives the answer its `Location`, and says so when it is a replay. */
export function setOutcome(
  set: { headers: Record<string, string | number> },
  { location, replayed }: Outcome<unknown>,
): void {
  if (location) set.headers.location = location
  if (replayed) set.headers['idempotency-replayed'] = 'true'
}

function readKey(request: Request): string | undefined {
  const key = request.headers.get('idempotency-key')
  if (key === null || /^[\x21-\x7e]{1,255}$/.test(key)) return key ?? undefined
  const rule = 'must be 1 to 255 visible ASCII characters'
  throw invalidField(`Idempotency-Key ${rule}`, ['header', 'idempotency-key'], 'idempotency_key')
}

const hashOf = (body: unknown) =>
  createHash('sha256')
    .update(JSON.stringify(body ?? null))
    .digest('hex')

function replay<Body>(
  stored: { status: number; body: unknown; location: string | null; request_hash: string },
  request_hash: string,
): Outcome<Body> {
  if (stored.request_hash !== request_hash) {
    throw new Problem(
      422,
      'IDEMPOTENCY_KEY_REUSED',
      'This Idempotency-Key was used before with another request body',
    )
  }
  const { status, body, location } = stored
  return { status, body: body as Body, ...(location ? { location } : {}), replayed: true }
}
