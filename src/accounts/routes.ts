import { createHash } from 'node:crypto'
import { Elysia } from 'elysia'
import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../context.ts'
import { unauthorized } from '../errors.ts'
import { clientNetwork } from '../http/client-address.ts'
import { readJson } from '../http/json-body.ts'
import type { LimitName } from '../http/limits/limits.ts'
import { answers } from '../http/openapi.ts'
import { type Answer, rateLimiter } from '../http/rate-limit.ts'
import { audit } from '../operations/audit/store.ts'
import { auth, tokens } from './auth.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { AuthAnswer, LoginBody, RegisterBody, type User, UserAnswer } from './schema.ts'
import { findLogin, insertUser, readPepper } from './store.ts'

/** Register, login and who am I. */
export function accountRoutes(context: Context) {
  const { sql } = context.database
  const { issue, expiresIn } = tokens(context.config)
  const limiter = rateLimiter(context)
  /** Who is not signed in is counted by address, like everybody else before the body is read. */
  const limitedBy = (name: LimitName) => async (asked: { request: Request; set: Answer }) => {
    await limiter.count(name, clientNetwork(asked.request), asked.set)
    return readJson(asked.request)
  }
  const signedIn = async ({ id, email, created_at }: User) => {
    const user = { id, email, created_at }
    return { user, access_token: await issue(user), token_type: 'bearer' as const, expires_in: expiresIn }
  }

  return new Elysia({ prefix: '/v1/auth', tags: ['Accounts'] })
    .use(auth(context))
    .post(
      '/register',
      async ({ body, request, status }) => {
        const password_hash = await hashPassword(body.password, await readPepper(sql))
        const user = await sql.begin(async tx => {
          const added = await insertUser(tx, { id: uuidv7(), email: body.email, password_hash })
          await audit(tx, request, {
            user_id: added.id,
            action: 'register',
            resource_type: 'user',
            resource_id: added.id,
          })
          return added
        })
        return status(201, await signedIn(user))
      },
      {
        parse: limitedBy('register'),
        body: RegisterBody,
        response: answers({ 201: AuthAnswer }, [400, 413, 415, 422, 429]),
        detail: { operationId: 'register', summary: 'Create an account', security: [] },
      },
    )
    .post(
      '/login',
      async ({ body, request, set }) => {
        // Right or wrong, five tries: then this email is closed for the rest of the window.
        await limiter.count('login', nameOf(body.email), set)
        const login = await findLogin(sql, body.email)
        const isRight = await verifyPassword(body.password, await readPepper(sql), login?.password_hash)
        const action = isRight ? 'login' : 'login_failed'
        await audit(sql, request, {
          user_id: login?.id,
          action,
          resource_type: 'user',
          resource_id: login?.id,
        })
        if (!login || !isRight) throw unauthorized('Invalid email or password')
        return signedIn(login)
      },
      {
        parse: limitedBy('login_address'),
        body: LoginBody,
        response: answers({ 200: AuthAnswer }, [400, 401, 413, 415, 422, 429]),
        detail: { operationId: 'login', summary: 'Sign in and get a token', security: [] },
      },
    )
    .get('/me', ({ user: { id, email, created_at } }) => ({ id, email, created_at }), {
      auth: true,
      response: answers({ 200: UserAnswer }, [401]),
      detail: { operationId: 'getMe', summary: 'The signed-in user' },
    })
}

/** Counted by its hash: what somebody typed as an email is not kept. */
const nameOf = (email: string) => createHash('sha256').update(email).digest('base64url')
