// Who may see the pages under /admin: whoever knows ADMIN_USER and ADMIN_PASSWORD (HTTP Basic, RFC 7617).
import { guesses } from '../../accounts/sign-in/guesses.ts'
import type { Context } from '../../context.ts'
import { audit } from '../../ground/http/audit/store.ts'
import { clientNetwork } from '../../ground/http/edge/client-address.ts'
import { rateLimiter } from '../../ground/http/limits/rate-limit.ts'
import { problem } from '../../ground/http/problem.ts'
import { requestId } from '../../ground/http/request.ts'
import type { Answering } from '../../ground/http/route.ts'
import { perContext } from '../../ground/per-context.ts'
import { sameSecret } from '../../ground/secrets/same-secret.ts'

/** How long a network that gave the right password is not counted after its last request. */
const KNOWN_MS = 15 * 60_000
/** Who it is, among accounts that are named by their emails. */
const ADMIN = 'admin'

const asksForPassword = problem(
  401,
  'UNAUTHORIZED',
  'The admin pages ask for ADMIN_USER and ADMIN_PASSWORD',
  {
    headers: { 'www-authenticate': 'Basic realm="Trove", charset="UTF-8"' },
  },
)
const crossOrigin = problem(403, 'CROSS_ORIGIN', 'A page of another site may not change anything here')

/**
 * Lets the admin's request pass.
 * @throws {Problem} 401 without the right credentials, 429 after too many wrong ones, 403 for a change that a page of
 * another site asks for.
 */
export type AdmitAdmin = (request: Request, set: Answering) => Promise<void>

/** That of this process. */
export const admitAdmin = perContext((context: Context): AdmitAdmin => {
  const { config, database, log } = context
  const { judge } = guesses(context)
  const { sql } = database
  const isRight = sameSecret(`${config.ADMIN_USER}:${config.ADMIN_PASSWORD}`)
  const limiter = rateLimiter(context)
  /** Until when each network is not counted. A browser sends the password with every request. */
  const known = new Map<string, number>()
  const entering = new Map<string, Promise<void>>()

  /** A sign-in, by the rules of every other one here. */
  async function signIn(request: Request, set: Answering, from: string, isRight: boolean): Promise<void> {
    const isAdmitted = await judge(request, set, ADMIN, async () => {
      await audit(sql, request, {
        user_id: undefined,
        action: isRight ? 'login' : 'login_failed',
        resource_type: 'user',
        details: { as: 'admin' },
      })
      return isRight || undefined
    })
    if (!isAdmitted) {
      log.warn('Wrong credentials for the admin pages', { request_id: requestId(request) })
      throw asksForPassword()
    }
    known.set(from, performance.now() + KNOWN_MS)
  }

  async function authenticate(request: Request, set: Answering): Promise<void> {
    const given = credentialsOf(request)
    if (given === undefined) throw asksForPassword()
    const from = clientNetwork(request)
    if (!isRight(given)) {
      // Else who guesses from the admin's own network could go on when the window is full.
      known.delete(from)
      return signIn(request, set, from, false)
    }
    if ((known.get(from) ?? 0) < performance.now()) {
      // A page asks for many files at once: they are one sign-in.
      const entry =
        entering.get(from) ?? signIn(request, set, from, true).finally(() => entering.delete(from))
      entering.set(from, entry)
      await entry
    } else known.set(from, performance.now() + KNOWN_MS)
  }

  return async (request, set) => {
    await authenticate(request, set)
    await limiter.count('admin', ADMIN, set)
    if (isForeignChange(request)) {
      throw crossOrigin()
    }
  }
})

function credentialsOf(request: Request): string | undefined {
  const [scheme, credentials] = (request.headers.get('authorization') ?? '').split(' ')
  if (scheme?.toLowerCase() !== 'basic' || !credentials) return undefined
  return Buffer.from(credentials, 'base64').toString('utf8')
}

/**
 * A browser adds the password to what any page makes it send, so a change must come from a page of ours. What sends
 * neither header is no browser, and has the password from who uses it.
 */
function isForeignChange({ method, headers, url }: Request): boolean {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return false
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site !== 'same-origin' && site !== 'none'
  const origin = headers.get('origin')
  return origin !== null && hostOf(origin) !== (headers.get('host') ?? new URL(url).host)
}

const hostOf = (origin: string) => (URL.canParse(origin) ? new URL(origin).host : undefined)
