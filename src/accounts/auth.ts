// Who is asking. A route says `auth: true` and gets `user`; everybody else gets 401 before anything is read.
import { jwt } from '@elysiajs/jwt'
import { Elysia } from 'elysia'
import type { Context } from '../context.ts'
import { unauthorized } from '../errors.ts'
import type { User } from './schema.ts'
import { type Account, findUser } from './store.ts'

const ISSUER = 'trove'
const AUDIENCE = 'trove-api'
/** A token of ours has about 400 bytes; a longer one is not worth the reading. */
const LONGEST_TOKEN = 4096

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
      if (token.length > LONGEST_TOKEN) return undefined
      const claims = await verify(token, {
        algorithms: ['HS256'],
        issuer: ISSUER,
        audience: AUDIENCE,
        typ: 'JWT',
        requiredClaims: ['sub', 'iat', 'exp', 'jti'],
        // Also refuses an `iat` in the future.
        maxTokenAge: `${days}d`,
      })
      return claims && typeof claims.sub === 'string' ? claims.sub : undefined
    },
  }
}

/**
 * The macro `auth`. Authentication runs before the body is parsed and before anything is validated, so that
 * no token and a bad body is 401: once in the lifecycle's first step that a route has, then from memory.
 */
export function auth({ config, database }: Context) {
  const { read } = tokens(config)
  const known = new WeakMap<Request, Promise<Account>>()

  async function authenticate(request: Request): Promise<Account> {
    const [scheme, token, ...more] = (request.headers.get('authorization') ?? '').split(' ')
    if (scheme?.toLowerCase() !== 'bearer' || !token || more.length > 0) throw unauthorized()
    const id = await read(token)
    if (!id) throw unauthorized()
    const user = await findUser(database.sql, id)
    if (!user) throw unauthorized('User not found')
    return user
  }

  const once = ({ request }: { request: Request }): Promise<Account> => {
    const user = known.get(request) ?? authenticate(request)
    known.set(request, user)
    return user
  }
  const only = async (context: { request: Request }) => {
    await once(context)
  }

  return new Elysia({ name: 'auth' }).macro({
    auth: (_required: true) => ({
      parse: only,
      transform: only,
      resolve: async (context: { request: Request }) => ({ user: await once(context) }),
    }),
  })
}
