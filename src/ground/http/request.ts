// What every request gets: an id, security headers, one shape of error, a log line.
import { Elysia } from 'elysia'
import type { Ground } from '../ground.ts'
import { methodLabel } from '../metrics/metrics.ts'
import { type Span, startSpan, within } from '../tracing/tracing.ts'
import { refuseBody } from './body/body.ts'
import { readQuery } from './body/query.ts'
import { followProxies } from './edge/client-address.ts'
import { corsHeaders, preflightHeaders } from './edge/cors.ts'
import { isAllowedHost, isOneHost } from './edge/hosts.ts'
import { knownMethods } from './edge/methods.ts'
import { type Problem, problemResponse } from './problem.ts'
import { invalidHost, methodNotAllowed, nothingHere, toProblem } from './problems.ts'
import { AnswerFault, UndeclaredProblem } from './validation.ts'

const ids = new WeakMap<Request, string>()
const starts = new WeakMap<Request, number>()
const spans = new WeakMap<Request, Span>()

/** Of every answer that says nothing else; most are one user's own, or hold a secret. */
const COMMON_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // What browsers once had against XSS could itself be turned against a page (OWASP, Secure Headers).
  'x-xss-protection': '0',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
}

/** Who asks is no client. Answered in every state. */
export const PROBES = new Set([
  '/metrics',
  ...['', '/v1', '/api/v1'].flatMap(prefix => [`${prefix}/health`, `${prefix}/ready`]),
])

/** The request's id: the client's own `X-Request-ID` when it is 1–128 visible ASCII characters, else a new one. */
export function requestId(request: Request): string {
  const known = ids.get(request)
  if (known) return known
  const given = request.headers.get('x-request-id')
  const id = given && /^[\x21-\x7e]{1,128}$/.test(given) ? given : crypto.randomUUID()
  ids.set(request, id)
  return id
}

/**
 * Mounted first: Elysia's hooks cover only the routes that are registered after them.
 * @param routes those of the whole app, to tell a wrong method from a wrong address.
 */
export function everyRequest(
  { config, log, metrics }: Ground,
  routes: () => { method: string; path: string }[],
) {
  const { ALLOWED_HOSTS, CORS_ORIGINS, STATEMENT_TIMEOUT_MS, TRUSTED_PROXIES } = config
  const followProxy = followProxies(TRUSTED_PROXIES, () =>
    log.warn(
      'A request came with X-Forwarded-For, and TRUSTED_PROXIES is empty: if a proxy sent it, all its clients share one limit',
    ),
  )
  const methodsOf = knownMethods(routes)

  const counted = <T>(answer: () => T): T => {
    const end = () => metrics.openRequests.dec()
    metrics.openRequests.inc()
    try {
      const answered = answer()
      if (answered instanceof Promise) return answered.finally(end) as T
      end()
      return answered
    } catch (error) {
      end()
      throw error
    }
  }

  /** Elysia found no route: a method that the path does not know, OPTIONS, or nothing at all. */
  const noRoute = (request: Request): Problem | Response => {
    const methods = methodsOf(new URL(request.url).pathname)
    if (methods.length === 0) return nothingHere()
    const allow = methods.join(', ')
    if (request.method === 'OPTIONS') {
      const headers = { allow, ...preflightHeaders(CORS_ORIGINS, request, methods) }
      return new Response(null, { status: 204, headers })
    }
    return methodNotAllowed({ headers: { allow } })
  }

  return new Elysia({ name: 'every-request' })
    .wrap((handle, request) => {
      const span = spanOf(request)
      if (span.trace_id) spans.set(request, span)
      return (...args: unknown[]) => within(requestId(request), span, () => counted(() => handle(...args)))
    })
    .onRequest(({ request, set }) => {
      starts.set(request, performance.now())
      Object.assign(set.headers, COMMON_HEADERS, { 'x-request-id': requestId(request) })
      const host = request.headers.get('host') ?? new URL(request.url).host
      // First, since a runtime makes the request's address of it.
      if (!isOneHost(host)) throw invalidHost({ detail: 'The Host header must name one host' })
      Object.assign(set.headers, corsHeaders(CORS_ORIGINS, request))
      followProxy(request)
      if (!isAllowedHost(host, ALLOWED_HOSTS)) {
        throw invalidHost()
      }
      refuseBody(request)
    })
    .onTransform({ as: 'global' }, context => {
      Object.assign(context, { query: readQuery(context.request.url) })
    })
    .onError({ as: 'global' }, ({ code, error, request, set }) => {
      const problem = code === 'NOT_FOUND' ? noRoute(request) : toProblem(error, STATEMENT_TIMEOUT_MS)
      // Elysia has set the status of its own error; ours is the one that counts.
      set.status = problem.status
      if (problem instanceof Response) return problem
      if (problem.status === 500) {
        const isOurs = error instanceof AnswerFault || error instanceof UndeclaredProblem
        const fault = isOurs ? error.fault : undefined
        log.error('A request failed', { ...facts(request), error, fault })
      }
      return problemResponse(problem, requestId(request))
    })
    .onAfterResponse({ as: 'global' }, context => {
      // The user is set by the routes that ask who it is.
      const { request, responseValue, route, set, user } = context as typeof context & {
        user?: { id: string }
      }
      const seconds = (performance.now() - (starts.get(request) ?? performance.now())) / 1000
      const ms = Math.round(seconds * 10_000) / 10
      const line = facts(request)
      // The pattern, not the path: a label has few values.
      const of = { method: methodLabel(line.method), endpoint: route || 'none' }
      const status = responseValue instanceof Response ? responseValue.status : (set.status ?? 200)
      metrics.requests.inc({ ...of, status: String(status) })
      metrics.requestSeconds.observe(of, seconds)
      // Probes ask every few seconds, and say nothing new.
      const level = PROBES.has(line.path) ? 'debug' : 'info'
      const span = spans.get(request)
      log[level]('Request answered', {
        ...line,
        route: route || undefined,
        user_id: user?.id,
        status,
        ms,
        trace_id: span?.trace_id,
      })
      // What is not ended is not sent.
      if (span && level === 'info') endSpan(span, of.method, route, Number(status))
    })
}

/** In the trace that the client names, or the first of a new one. */
function spanOf(request: Request): Span {
  return startSpan(() => ({
    name: request.method,
    kind: 'server',
    attributes: {},
    parent: {
      traceparent: request.headers.get('traceparent') ?? undefined,
      tracestate: request.headers.get('tracestate') ?? undefined,
    },
  }))
}

/** The pattern is known only now, and the path is not told: it may be anything. */
function endSpan(span: Span, method: string, route: string, status: number): void {
  const known = method === 'other' ? 'HTTP' : method
  span.rename(route ? `${known} ${route}` : known)
  span.set({
    'http.request.method': method === 'other' ? '_OTHER' : method,
    'http.route': route || undefined,
    'http.response.status_code': status,
  })
  if (status >= 500) span.fail({ code: String(status) })
  span.end()
}

/** Empty when the Host header makes no address. */
export const pathOf = (request: Request): string => URL.parse(request.url)?.pathname ?? ''

const facts = (request: Request) => ({
  method: request.method,
  path: pathOf(request),
  request_id: requestId(request),
})
