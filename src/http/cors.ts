// Which pages of other origins may read our answers (Fetch standard, "CORS protocol"): those of CORS_ORIGINS. They send a
// token, so nothing that a browser keeps for us is asked for; and none may read the admin's pages.

const ALLOWED_HEADERS =
  'authorization, content-type, idempotency-key, if-match, if-none-match, last-event-id, x-request-id'
const EXPOSED_HEADERS =
  'etag, idempotency-replayed, link, location, ratelimit, ratelimit-policy, retry-after, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, x-request-id'
const PREFLIGHT_SECONDS = 600

/** The headers of every answer to `origin`. Without origins there are none, and browsers keep other pages out. */
export function corsHeaders(origins: string[], request: Request): Record<string, string> {
  if (origins.length === 0) return {}
  const origin = allowedOrigin(origins, request)
  // Caches must not give one origin's answer to another.
  if (origin === undefined) return { vary: 'origin' }
  return {
    vary: 'origin',
    'access-control-allow-origin': origin,
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
  if (!isPreflight || allowedOrigin(origins, request) === undefined) return {}
  return {
    'access-control-allow-methods': methods.join(', '),
    'access-control-allow-headers': ALLOWED_HEADERS,
    'access-control-max-age': String(PREFLIGHT_SECONDS),
  }
}

function allowedOrigin(origins: string[], { headers, url }: Request): string | undefined {
  const origin = headers.get('origin') ?? ''
  return origins.includes(origin) && !isAdmins(new URL(url).pathname) ? origin : undefined
}

const isAdmins = (path: string): boolean => path === '/admin' || path.startsWith('/admin/')
