// What every request gets: an id, security headers, one shape of error, a log line.
import { Elysia } from 'elysia'
import type { Context } from '../context.ts'
import { notFound, Problem, problemResponse, toProblem } from '../errors.ts'

const ids = new WeakMap<Request, string>()
const starts = new WeakMap<Request, number>()

const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-xss-protection': '1; mode=block',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
}

const PROBES = new Set(['/health', '/ready', '/metrics'])

/** The request's id: the client's own `X-Request-ID` when it is 1–128 visible ASCII characters, else a new one. */
export function requestId(request: Request): string {
  const known = ids.get(request)
  if (known) return known
  const given = request.headers.get('x-request-id')
  const id = given && /^[\x21-\x7e]{1,128}$/.test(given) ? given : crypto.randomUUID()
  ids.set(request, id)
  return id
}

/** Mounted first: Elysia's hooks cover only the routes that are registered after them. */
export function everyRequest({ log }: Context) {
  return new Elysia({ name: 'every-request' })
    .onRequest(({ request, set }) => {
      starts.set(request, performance.now())
      Object.assign(set.headers, SECURITY_HEADERS, { 'x-request-id': requestId(request) })
    })
    .onError({ as: 'global' }, ({ code, error, request, set }) => {
      const problem = code === 'NOT_FOUND' ? notFound('There is nothing at this address') : toProblem(error)
      if (problem.status === 500) {
        log.error('A request failed', { ...facts(request), error, ...responseFault(error) })
      }
      // Elysia has set the status of its own error; ours is the one that counts.
      set.status = problem.status
      return problemResponse(problem, requestId(request))
    })
    .onAfterResponse({ as: 'global' }, ({ request, set }) => {
      const started = starts.get(request)
      const ms = started === undefined ? undefined : Math.round((performance.now() - started) * 10) / 10
      const line = facts(request)
      // Probes ask every few seconds, and say nothing new.
      const level = PROBES.has(line.path) ? 'debug' : 'info'
      log[level]('Request answered', { ...line, status: set.status ?? 200, ms })
    })
}

const facts = (request: Request) => ({
  method: request.method,
  path: new URL(request.url).pathname,
  request_id: requestId(request),
})

/** Where an answer of ours did not fit its own schema: the path, which a log may hold. */
function responseFault(error: unknown): { fault?: string } {
  const { type, valueError } = (error ?? {}) as {
    type?: string
    valueError?: { path?: { key: unknown }[]; type?: string }
  }
  if (error instanceof Problem || type !== 'response' || !valueError) return {}
  return { fault: `${valueError.path?.map(({ key }) => String(key)).join('.')}: ${valueError.type}` }
}
