// Who may see the pages under /admin: whoever knows ADMIN_USER and ADMIN_PASSWORD (HTTP Basic, RFC 7617).
import { createHash, timingSafeEqual } from 'node:crypto'
import { Elysia } from 'elysia'
import { guesses } from '../../accounts/guesses.ts'
import type { Context } from '../../context.ts'
import { Problem } from '../../errors.ts'
import { LARGEST_BODY, readBytes } from '../../http/body.ts'
import { clientNetwork } from '../../http/client-address.ts'
import { readJson } from '../../http/json-body.ts'
import { namesLimit } from '../../http/limits/by-address.ts'
import { type Answer, rateLimiter } from '../../http/rate-limit.ts'
import { requestId } from '../../http/request.ts'
import { audit } from '../audit/store.ts'

/** How long a network that gave the right password is not counted after its last request. */
const KNOWN_MS = 15 * 60_000
/** Who it is, among accounts that are named by their emails. */
const ADMIN = 'admin'
const FORM = 'application/x-www-form-urlencoded'

/**
 * Lets the admin's request pass.
 * @throws {Problem} 401 without the right credentials, 429 after too many wrong ones, 403 for a change that a page of
 * another site asks for.
 */
export type AdmitAdmin = (request: Request, set: Answer) => Promise<void>

const made = new WeakMap<Context, AdmitAdmin>()

/** That of this process. */
export function admitAdmin(context: Context): AdmitAdmin {
  const admit = made.get(context) ?? createAdmitAdmin(context)
  made.set(context, admit)
  return admit
}

function createAdmitAdmin(context: Context): AdmitAdmin {
  const { config, database, log } = context
  const { judge } = guesses(context)
  const { sql } = database
  const expected = digest(`${config.ADMIN_USER}:${config.ADMIN_PASSWORD}`)
  const limiter = rateLimiter(context)
  /** Until when each network is not counted. A browser sends the password with every request. */
  const known = new Map<string, number>()
  const entering = new Map<string, Promise<void>>()

  /** A sign-in, by the rules of every other one here. */
  async function signIn(request: Request, set: Answer, from: string, isRight: boolean): Promise<void> {
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

  async function authenticate(request: Request, set: Answer): Promise<void> {
    const given = credentialsOf(request)
    if (given === undefined) throw asksForPassword()
    const from = clientNetwork(request)
    if (!timingSafeEqual(digest(given), expected)) {
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
      throw new Problem(403, 'CROSS_ORIGIN', 'A page of another site may not change anything here')
    }
  }
}

/** The macro `admin: true`: admits before the body is parsed and before anything is validated. */
export function adminRoutes(context: Context) {
  const admit = admitAdmin(context)
  const admitted = new WeakMap<Request, Promise<void>>()
  const once = ({ request, set }: { request: Request; set: Answer }): Promise<void> => {
    const passing = admitted.get(request) ?? admit(request, set)
    admitted.set(request, passing)
    return passing
  }
  return new Elysia({ name: 'admin' }).macro({
    admin: (_: true) => ({
      detail: namesLimit('admin'),
      parse: async (asked: { request: Request; set: Answer }) => {
        await once(asked)
        return isForm(asked.request) ? readForm(asked.request) : readJson(asked.request)
      },
      // Elysia waits only for what is written as async.
      transform: async (asked: { request: Request; set: Answer }) => {
        await once(asked)
      },
    }),
  })
}

/** Whether a page's form sent it, and so a page is what should come back. */
export const isForm = ({ headers }: Request): boolean => (headers.get('content-type') ?? '').startsWith(FORM)

/** Each field with all its values. */
async function readForm(request: Request): Promise<Record<string, string[]>> {
  const text = new TextDecoder().decode(await readBytes(request, LARGEST_BODY))
  const fields = Map.groupBy(new URLSearchParams(text), ([name]) => name)
  return Object.fromEntries([...fields].map(([name, pairs]) => [name, pairs.map(([, value]) => value)]))
}

const asksForPassword = () =>
  new Problem(401, 'UNAUTHORIZED', 'The admin pages ask for ADMIN_USER and ADMIN_PASSWORD', {
    headers: { 'www-authenticate': 'Basic realm="Trove", charset="UTF-8"' },
  })

const digest = (text: string) => createHash('sha256').update(text).digest()

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
