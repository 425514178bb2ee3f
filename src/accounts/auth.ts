// Who is asking. A route says `auth` and a limit, and gets `user`; everybody else gets 401 before anything is read.
import { jwt } from '@elysiajs/jwt'
import { Elysia } from 'elysia'
import type { Context } from '../context.ts'
import { unauthorized } from '../errors.ts'
import { readJson } from '../http/json-body.ts'
import { namesLimit } from '../http/limits/by-address.ts'
import type { LimitName } from '../http/limits/limits.ts'
import { type Answer, rateLimiter } from '../http/rate-limit.ts'
import type { User } from './schema.ts'
import { type Account, findUser } from './store.ts'

const ISSUER = 'trove'
const AUDIENCE = 'trove-api'
/** A token of ours has about 400 bytes; a longer one is not worth the reading. */
const LONGEST_TOKEN = 4096
/** A token may come from a server whose clock is ahead by so much. It lives no longer for that. */
const CLOCK_SKEW_SECONDS = 60
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

/** Signs and checks tokens (RFC 7519, HS256 only). */
export function tokens(config: Context['config']) {
  const days = config.JWT_EXPIRY_DAYS
  const { sign, verify } = jwt({ secret: config.JWT_SECRET_KEY!, alg: 'HS256' }).decorator.jwt
  return {
    expiresIn: days * 86_400,
    issue: (user: User): Promise<string> =>
      sign({
        user_id: user.id,
        email: user.email,
        sub: user.id,
        iss: ISSUER,
        aud: AUDIENCE,
        jti: crypto.randomUUID(),
        exp: `${days}d`,
      }),
    /** The user's id, or undefined for any token that is not a living one of ours. */
    read: async (token: string): Promise<string | undefined> => {
      if (token.length > LONGEST_TOKEN || !hasPlainHeader(token)) return undefined
      const claims = await verify(token, {
        algorithms: ['HS256'],
        issuer: ISSUER,
        audience: AUDIENCE,
        typ: 'JWT',
        requiredClaims: ['sub', 'iat', 'exp', 'jti'],
        // Also refuses an `iat` in the future, further than the clocks of two servers differ.
        maxTokenAge: `${days}d`,
        clockTolerance: CLOCK_SKEW_SECONDS,
      })
      if (!claims || claims.exp! * 1000 <= Date.now()) return undefined
      if (!UUID.test(claims.sub ?? '')) return undefined
      return claims.user_id === undefined || claims.user_id === claims.sub ? claims.sub : undefined
    },
  }
}

/** Ours say `alg` and `typ`. Whatever else a header can name (keys, where to get them, extensions) is refused. */
function hasPlainHeader(token: string): boolean {
  try {
    const header: object = JSON.parse(Buffer.from(token.split('.', 1)[0]!, 'base64url').toString())
    return Object.keys(header).sort().join() === 'alg,typ'
  } catch {
    return false
  }
}

/** What a route says: the name of the limit that counts it, and how many bytes its body may have if not 64 KiB. */
type Required = LimitName | { limit: LimitName; largest_body?: number }

const limitOf = (required: Required) => (typeof required === 'object' ? required.limit : required)
const largestOf = (required: Required) => (typeof required === 'object' ? required.largest_body : undefined)

/**
 * The macro `auth: 'items_read'`, with the name of a limit. Authentication, then counting, run before the body is
 * parsed and before anything is validated, so that no token and a bad body is 401: once in the lifecycle's first step
 * that a route has, then from memory.
 */
export function auth(context: Context) {
  const { read } = tokens(context.config)
  const limiter = rateLimiter(context)
  const known = new WeakMap<Request, Promise<Account>>()

  async function authenticate(request: Request): Promise<Account> {
    const [scheme, token, ...more] = (request.headers.get('authorization') ?? '').split(' ')
    if (scheme?.toLowerCase() !== 'bearer' || !token || more.length > 0) throw unauthorized()
    const id = await read(token)
    if (!id) throw unauthorized()
    const user = await findUser(context.database.sql, id)
    if (!user) throw unauthorized('User not found')
    return user
  }

  const admit = async (request: Request, set: Answer, required: Required): Promise<Account> => {
    const user = await authenticate(request)
    await limiter.count(limitOf(required), user.id, set)
    return user
  }
  const once = (request: Request, set: Answer, required: Required): Promise<Account> => {
    const user = known.get(request) ?? admit(request, set, required)
    known.set(request, user)
    return user
  }

  return new Elysia({ name: 'auth' }).macro({
    auth: (required: Required) => {
      const only = async ({ request, set }: { request: Request; set: Answer }) => {
        await once(request, set, required)
      }
      return {
        detail: namesLimit(limitOf(required)),
        parse: async (context: { request: Request; set: Answer }) => {
          await only(context)
          return readJson(context.request, largestOf(required))
        },
        // The log names who asked, also where nothing after this is reached.
        transform: async (context: { request: Request; set: Answer }) => {
          Object.assign(context, { user: await once(context.request, context.set, required) })
        },
        resolve: async ({ request, set }: { request: Request; set: Answer }) => ({
          user: await once(request, set, required),
        }),
      }
    },
  })
}
