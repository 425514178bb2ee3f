// Which pages of other origins may read our answers (Fetch standard, "CORS protocol"): those of CORS_ORIGINS. They send a
// token, so nothing that a browser keeps for us is asked for; and none may read the admin's pages.

import { HEADER_PARAMETERS, HEADERS } from '../openapi/headers.ts'

const names = (headers: string[]) =>
  headers
    .map(name => name.toLowerCase())
    .sort()
    .join(', ')
const ALLOWED_HEADERS = names([
  ...['Authorization', 'Content-Type', 'Last-Event-ID'],
  ...Object.values(HEADER_PARAMETERS).map(({ name }) => name),
])
const EXPOSED_HEADERS = names(Object.keys(HEADERS))
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
