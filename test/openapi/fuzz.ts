// Sends generated requests and compares every answer with what the document says of it.
import fc from 'fast-check'
import { startTrove } from '../support/app.ts'
import { signToken } from '../support/token.ts'
import { type Document, readDocument } from './document.ts'
import { anyRequest, type FuzzRequest } from './requests.ts'
import { type Check, schemaCheck } from './schema-check.ts'
import { CANARY } from './values.ts'

export interface FuzzResult {
  seed: number
  requests: number
  /** How often each status came, so that a run of nothing but refusals can be seen. */
  statuses: Record<string, number>
  /** What is wrong, once for each operation, with the first request that showed it. */
  faults: string[]
}

const AT_ONCE = 8
/** Headers that are there whenever they are documented; others depend on the request. */
// But for an ETag where the answer does not depend on the library alone.
const ALWAYS_SENT = ['ETag', 'Location', 'WWW-Authenticate']
const PROBLEM = 'application/problem+json'

/** Starts the product on a fresh database with two users, an admin and a few saves, and asks it `count` things. */
export async function fuzz(count: number, seed = Math.trunc(Math.random() * 2 ** 31)): Promise<FuzzResult> {
  const trove = await startTrove({ RATE_LIMIT_ENABLED: 'false' })
  try {
    const user = await trove.register()
    const other = await trove.register()
    const ids = [crypto.randomUUID()]
    for (const [i, who] of [user, user, user, other].entries()) {
      const { body } = await who.post('/v1/items', { url: `https://youtu.be/aaaaaaaaa0${i}` })
      ids.push(body.save.id, body.content.id, body.job_id)
    }
    const { sql } = trove.database
    for (const label of ['One', 'Two']) {
      const id = crypto.randomUUID()
      await sql`
        insert into clusters (user_id, id, label, centroid, model)
        values (${user.id}, ${id}, ${label}, array_fill(0.1, array[512])::vector, 'test')`
      ids.push(id)
    }
    const etag = (await user.get('/v1/clusters')).headers.get('etag') ?? 'W/"0"'
    const known = { ids, emails: [user.email, other.email], password: user.password, etag }
    const admin = await trove.register()
    const good = [user, admin].map(who => signToken(trove.context.config.JWT_SECRET_KEY!, who))
    const bad = ['x', `${good[0]}x`, CANARY, 'a.b.c']
    // Some requests sign out, or do worse to an account; those after them shall reach their routes.
    const letIn = async () => {
      // Each by itself: several workers do this at once, and two rows of one statement may be locked in either order.
      for (const { id } of [user, admin])
        await sql`
          update users
          set tokens_from = null, is_active = true, must_change_password = false, deleted_at = null,
            role = ${id === admin.id ? 'admin' : 'normal'}
          where id = ${id}`
    }
    await letIn()
    const document = await readDocument(trove)
    const requests = fc.sample(anyRequest(document, known, { good, bad }), {
      numRuns: count,
      seed,
    })
    const result = await sendAll(requests, document, async request => {
      const reply = await trove.send(request.operation.method, request.target, {
        headers: request.headers,
        ...(request.body === undefined ? {} : { body: request.body }),
      })
      if (reply.status === 401) await letIn()
      return reply
    })
    return { seed, requests: count, ...result }
  } finally {
    await trove.stop()
  }
}

interface Reply {
  status: number
  headers: Headers
  body: unknown
}

async function sendAll(
  requests: FuzzRequest[],
  { json }: Document,
  send: (request: FuzzRequest) => Promise<Reply>,
): Promise<Pick<FuzzResult, 'statuses' | 'faults'>> {
  const check = schemaCheck(json)
  const statuses: Record<string, number> = {}
  const faults = new Map<string, string>()
  const waiting = requests.values()
  const worker = async () => {
    for (const request of waiting) {
      const reply = await send(request)
      statuses[reply.status] = (statuses[reply.status] ?? 0) + 1
      for (const fault of faultsOf(request, reply, check)) {
        const kind = `${request.operation.operationId}: ${fault}`
        if (!faults.has(kind)) faults.set(kind, `${kind}\n    ${show(request)}`)
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return { statuses, faults: [...faults.values()] }
}

function faultsOf(
  { operation, target }: FuzzRequest,
  { status, headers, body }: Reply,
  check: Check,
): string[] {
  const answer = operation.responses[status]
  const faults = [
    ...(status >= 500 ? [`answers ${status}`] : []),
    ...(headers.get('x-request-id') ? [] : ['has no X-Request-ID']),
    ...(status >= 400 && JSON.stringify(body).includes(CANARY) ? ['repeats what was sent'] : []),
  ]
  if (!answer) return [...faults, `answers ${status}, which is not documented`]
  const mayMiss = operation.operationId === 'search' || /last_viewed_at|user_id=/.test(target) ? 'ETag' : ''
  const missing = ALWAYS_SENT.filter(name => name !== mayMiss && answer.headers?.[name] && !headers.get(name))
  faults.push(...missing.map(name => `${status} has no ${name}`))
  const [documented] = Object.entries(answer.content ?? {})
  if (!documented) return body === '' ? faults : [...faults, `${status} has a body`]
  const [type, { schema }] = documented
  const sent = headers.get('content-type')?.split(';')[0]
  if (sent !== type) return [...faults, `${status} is ${sent} and not ${type}`]
  const wrong = check(schema!, body)
  const problem = body as { status?: number }
  if (type === PROBLEM && problem.status !== status) faults.push(`${status} says ${problem.status} of itself`)
  return wrong ? [...faults, `${status} is not as documented: ${wrong}`] : faults
}

const show = ({ operation, target, headers, body }: FuzzRequest) =>
  JSON.stringify({
    method: operation.method,
    target: target.slice(0, 500),
    headers,
    body: body?.slice(0, 500),
  })
