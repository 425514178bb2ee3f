// Who is asking, and what they may.
import { jwt } from '@elysiajs/jwt'
import type { Context } from '../context.ts'
import { clientNetwork } from '../ground/http/edge/client-address.ts'
import { rateLimiter } from '../ground/http/limits/rate-limit.ts'
import { forbidden, unauthorized } from '../ground/http/problems.ts'
import type { Answering, Declaration } from '../ground/http/route.ts'
import { perContext } from '../ground/per-context.ts'
import { mayDo, type Permission } from './permissions.ts'
import type { User } from './schema.ts'
import { type Account, findUser } from './store.ts'

const ISSUER = 'trove'
const AUDIENCE = 'trove-api'
/** A token of ours has about 400 bytes; a longer one is not worth the reading. */
const LONGEST_TOKEN = 4096
/** A token may come from a server whose clock is ahead by so much. It lives no longer for that. */
const CLOCK_SKEW_SECONDS = 60
const REMEMBERED_MOST = 10_000
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

/** Signs and checks tokens (RFC 7519, HS256 only). */
export const tokens = perContext((config: Context['config']) => {
  const days = config.JWT_EXPIRY_DAYS
  const { sign, verify } = jwt({ secret: config.JWT_SECRET_KEY!, alg: 'HS256' }).decorator.jwt
  /** Token -> whose it is and until when, of tokens that were found good: the signature is a fifth of a small request. */
  const good = new Map<string, { id: string; endsAt: number }>()
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
      const known = good.get(token)
      if (known) return known.endsAt > Date.now() ? known.id : undefined
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
      if (claims.user_id !== undefined && claims.user_id !== claims.sub) return undefined
      const endsAt = Math.min(claims.exp!, claims.iat! + days * 86_400 + CLOCK_SKEW_SECONDS)
      if (good.size >= REMEMBERED_MOST) good.clear()
      good.set(token, { id: claims.sub!, endsAt: endsAt * 1000 })
      return claims.sub
    },
  }
})

/** Ours say `alg` and `typ`. Whatever else a header can name (keys, where to get them, extensions) is refused. */
function hasPlainHeader(token: string): boolean {
  try {
    const header: object = JSON.parse(Buffer.from(token.split('.', 1)[0]!, 'base64url').toString())
    return Object.keys(header).sort().join() === 'alg,typ'
  } catch {
    return false
  }
}

/** What every route asks of a request before anything else: who it is, and whether they may, and how often. */
export const admitting = perContext((context: Context) => {
  const { read } = tokens(context.config)
  const limiter = rateLimiter(context)

  async function authenticate(request: Request): Promise<Account> {
    const [scheme, token, ...more] = (request.headers.get('authorization') ?? '').split(' ')
    if (scheme?.toLowerCase() !== 'bearer' || !token || more.length > 0) throw unauthorized()
    const id = await read(token)
    if (!id) throw unauthorized()
    const user = await findUser(context.database.byKey, id)
    if (!user) throw unauthorized({ detail: 'User not found' })
    return user
  }

  /**
   * Authenticates and counts, so that no token and a bad body is 401; whoever needs no token is counted by their network.
   * @throws {Problem} 401, 403 or 429
   */
  return async (
    request: Request,
    set: Answering,
    { may, limit }: Declaration,
  ): Promise<Account | undefined> => {
    const user = may === 'anybody' ? undefined : await authenticate(request)
    if (limit !== 'none') await limiter.count(limit, user?.id ?? clientNetwork(request), set)
    if (user && !mayDo(user.role, may as Permission)) throw forbidden()
    return user
  }
})
