// Who may see the pages under /admin: whoever knows ADMIN_USER and ADMIN_PASSWORD (HTTP Basic, RFC 7617), and an admin who
// is signed in, by the access token or by the cookie that holds it.
import { admitting } from '../../accounts/admission/admit.ts'
import type { Account } from '../../accounts/admission/store.ts'
import { guesses } from '../../accounts/sign-in/guesses.ts'
import type { Context } from '../../context.ts'
import { audit } from '../../ground/http/audit/store.ts'
import { clientNetwork } from '../../ground/http/edge/client-address.ts'
import { rateLimiter } from '../../ground/http/limits/rate-limit.ts'
import { Problem, problem } from '../../ground/http/problem.ts'
import { forbidden } from '../../ground/http/problems.ts'
import { requestId } from '../../ground/http/request.ts'
import type { Answering, Declaration } from '../../ground/http/route.ts'
import { perContext } from '../../ground/per-context.ts'
import { sameSecret } from '../../ground/secrets/same-secret.ts'
import { refuseForeignChange } from './foreign-change.ts'
import { bearerToken, cookieToken } from './session-cookie.ts'

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
/** What these pages ask of a session. */
const OPERATE = { may: 'operate', limit: 'admin', in_person: true } as Declaration

/**
 * Lets the admin's request pass.
 * @param says of the route: `in_person` is for an admin's own access token, and for no password and no cookie
 * @returns the account, of who is signed in
 * @throws {Problem} 401 without the right credentials, 429 after too many wrong ones, 403 for a session that is no admin's and
 * for a change that a page of another site asks for.
 */
export type AdmitAdmin = (
  request: Request,
  set: Answering,
  says?: Pick<Declaration, 'in_person'>,
) => Promise<Account | undefined>

/** That of this process. */
export const admitAdmin = perContext((context: Context): AdmitAdmin => {
  const { config, database, log } = context
  const { judge } = guesses(context)
  const { sql } = database
  const isRight = sameSecret(`${config.ADMIN_USER}:${config.ADMIN_PASSWORD}`)
  const limiter = rateLimiter(context)
  const admit = admitting(context)
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

  /** A session, checked as at every other route, so that one that was ended opens nothing any more. */
  async function admitSession(request: Request, set: Answering, token: string): Promise<Account> {
    const asBearer = new Request(request.url, { headers: { authorization: `Bearer ${token}` } })
    try {
      return (await admit(asBearer, set, OPERATE))!
    } catch (error) {
      // A browser asks for the password then.
      throw error instanceof Problem && error.status === 401 ? asksForPassword() : error
    }
  }

  return async (request, set, { in_person } = {}) => {
    const hasCredentials = request.headers.has('authorization')
    const token = hasCredentials || in_person ? bearerToken(request) : cookieToken(request)
    let account: Account | undefined
    if (token) account = await admitSession(request, set, token)
    else {
      await authenticate(request, set)
      await limiter.count('admin', ADMIN, set)
      if (in_person) throw forbidden()
    }
    refuseForeignChange(request)
    return account
  }
})

function credentialsOf(request: Request): string | undefined {
  const [scheme, credentials] = (request.headers.get('authorization') ?? '').split(' ')
  if (scheme?.toLowerCase() !== 'basic' || !credentials) return undefined
  return Buffer.from(credentials, 'base64').toString('utf8')
}
