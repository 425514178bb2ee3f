// Which pages of other origins may read our answers (Fetch standard, "CORS protocol"): those of CORS_ORIGINS.

const ALLOWED_HEADERS =
  'authorization, content-type, idempotency-key, if-match, if-none-match, last-event-id, x-request-id'
const EXPOSED_HEADERS =
  'etag, idempotency-replayed, link, location, ratelimit, ratelimit-policy, retry-after, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, x-request-id'
const PREFLIGHT_SECONDS = 600

/** The headers of every answer to `origin`. Without origins there are none, and browsers keep other pages out. */
export function corsHeaders(origins: string[], request: Request): Record<string, string> {
  if (origins.length === 0) return {}
  const origin = request.headers.get('origin')
  // Caches must not give one origin's answer to another.
  if (!origin || !origins.includes(origin)) return { vary: 'origin' }
  return {
    vary: 'origin',
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': EXPOSED_HEADERS,
  }
}

/** What a preflight is told besides, once its origin is known. */
export function preflightHeaders(
  origins: string[],
  request: Request,
  methods: string[],
): Record<string, string> {
  const isPreflight = request.headers.has('access-control-request-method')
  if (!isPreflight || !origins.includes(request.headers.get('origin') ?? '')) return {}
  return {
    'access-control-allow-methods': methods.join(', '),
    'access-control-allow-headers': ALLOWED_HEADERS,
    'access-control-max-age': String(PREFLIGHT_SECONDS),
  }
}
