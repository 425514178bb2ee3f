import { Elysia } from 'elysia'
import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../context.ts'
import { unauthorized } from '../errors.ts'
import { clientNetwork } from '../http/client-address.ts'
import { limitedByAddress } from '../http/limits/by-address.ts'
import { answers } from '../http/openapi.ts'
import { audit } from '../operations/audit/store.ts'
import { auth, tokens } from './auth.ts'
import { guesses } from './guesses.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { AuthAnswer, LoginBody, RegisterBody, type User, UserAnswer } from './schema.ts'
import { findLogin, insertUser, readPepper, rememberNetwork } from './store.ts'

/** Register, login and who am I. */
export function accountRoutes(context: Context) {
  const { sql } = context.database
  const { issue, expiresIn } = tokens(context.config)
  const { judge, pairOf } = guesses(context)
  const signedIn = async ({ id, email, created_at }: User) => {
    const user = { id, email, created_at }
    return { user, access_token: await issue(user), token_type: 'bearer' as const, expires_in: expiresIn }
  }

  return new Elysia({ prefix: '/v1/auth', tags: ['Accounts'] })
    .use(auth(context))
    .use(limitedByAddress(context))
    .post(
      '/register',
      async ({ body, request, status }) => {
        const network = clientNetwork(request)
        const password_hash = await hashPassword(body.password, await readPepper(sql), network)
        const user = await sql.begin(async tx => {
          // First, so that an email that is taken costs as much time.
          await rememberNetwork(tx, pairOf(request, body.email))
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
        limit: 'register',
        body: RegisterBody,
        response: answers({ 201: AuthAnswer }, [400, 413, 415, 422]),
        detail: { operationId: 'register', summary: 'Create an account', security: [] },
      },
    )
    .post(
      '/login',
      async ({ body, request, set }) => {
        const user = await judge(request, set, body.email, async () => {
          const login = await findLogin(sql, body.email)
          const pepper = await readPepper(sql)
          const network = clientNetwork(request)
          const isRight = await verifyPassword(body.password, pepper, login?.password_hash, network)
          await audit(sql, request, {
            user_id: login?.id,
            action: isRight ? 'login' : 'login_failed',
            resource_type: 'user',
            resource_id: login?.id,
          })
          return isRight ? login : undefined
        })
        if (!user) throw unauthorized('Invalid email or password')
        return signedIn(user)
      },
      {
        // What counts wrong passwords knows the email: see `guesses`.
        limit: 'default',
        body: LoginBody,
        response: answers({ 200: AuthAnswer }, [400, 401, 413, 415, 422]),
        detail: { operationId: 'login', summary: 'Sign in and get a token', security: [] },
      },
    )
    .get('/me', ({ user: { id, email, created_at } }) => ({ id, email, created_at }), {
      auth: 'default',
      response: answers({ 200: UserAnswer }, [401]),
      detail: { operationId: 'getMe', summary: 'The signed-in user' },
    })
}
