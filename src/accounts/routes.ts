import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../context.ts'
import { clientNetwork } from '../ground/http/edge/client-address.ts'
import { problem } from '../ground/http/problem.ts'
import { route } from '../route.ts'
import { tokens } from './auth.ts'
import { CREDENTIALS, SIGNED_IN, USER } from './examples.ts'
import { AuthAnswer, LoginBody, RegisterBody, type User, UserAnswer } from './schema.ts'
import { guesses } from './sign-in/guesses.ts'
import { hashPassword, verifyPassword } from './sign-in/passwords.ts'
import { tooBusy } from './sign-in/turns.ts'
import { findLogin, insertUser, readPepper, rememberNetwork } from './store.ts'

const emailTaken = problem(400, 'EMAIL_TAKEN', 'Email already registered', {
  constraint: 'users_email_taken',
})
const wrongCredentials = problem(401, 'UNAUTHORIZED', 'Invalid email or password', {
  headers: { 'www-authenticate': 'Bearer' },
})

async function signedIn({ config }: Context, { id, email, created_at }: User) {
  const { issue, expiresIn } = tokens(config)
  const user = { id, email, created_at }
  return { user, access_token: await issue(user), token_type: 'bearer' as const, expires_in: expiresIn }
}

const register = route(
  'POST /v1/auth/register',
  {
    id: 'register',
    tag: 'Accounts',
    summary: 'Create an account',
    description:
      'The email is trimmed and lower-cased. All characters of the password count. The answer holds a token, so no login need follow.',
    may: 'anybody',
    limit: 'register',
    body: RegisterBody,
    example: CREDENTIALS,
    gives: { status: 201, body: AuthAnswer, text: 'The new user and their token.', example: SIGNED_IN },
    problems: [emailTaken, tooBusy],
    audit: { of: 'user', actions: ['register'] },
  },
  {
    prepare: async ({ sql, body, request }) =>
      hashPassword(body.password, await readPepper(sql), clientNetwork(request)),
    handle: async ({ tx, body, context, request, prepared, audit }) => {
      // First, so that an email that is taken costs as much time.
      await rememberNetwork(tx, guesses(context).pairOf(request, body.email))
      const user = await insertUser(tx, { id: uuidv7(), email: body.email, password_hash: prepared })
      await audit(user.id, {}, { user_id: user.id })
      return user
    },
    finish: (user, { context }) => signedIn(context, user),
  },
)

const login = route(
  'POST /v1/auth/login',
  {
    id: 'login',
    tag: 'Accounts',
    summary: 'Sign in and get a token',
    description:
      'A wrong password and an unknown email get the same answer after the same time. Wrong passwords are counted for an email and the network that they come from; they keep nobody out who comes from another. What is right is not counted.',
    may: 'anybody',
    // What counts wrong passwords knows the email: see `guesses`.
    limit: 'default',
    body: LoginBody,
    example: CREDENTIALS,
    gives: { body: AuthAnswer, text: 'The user and a new token.', example: SIGNED_IN },
    problems: [wrongCredentials, tooBusy],
    audit: { of: 'user', actions: ['login', 'login_failed'] },
  },
  {
    // Not in the transaction: what is wrong must be audited and counted all the same.
    prepare: ({ sql, audit, body, context, request, set }) =>
      guesses(context).judge(request, set, body.email, async () => {
        const login = await findLogin(sql, body.email)
        const pepper = await readPepper(sql)
        const network = clientNetwork(request)
        const isRight = await verifyPassword(body.password, pepper, login?.password_hash, network)
        const action = isRight ? 'login' : 'login_failed'
        await audit(login?.id, {}, { action, user_id: login?.id })
        return isRight ? login : undefined
      }),
    handle: ({ prepared: user, context }) => {
      if (!user) throw wrongCredentials()
      return signedIn(context, user)
    },
  },
)

const getMe = route(
  'GET /v1/auth/me',
  {
    id: 'getMe',
    tag: 'Accounts',
    summary: 'The signed-in user',
    description: 'The user that the token belongs to.',
    may: 'read',
    limit: 'default',
    gives: { body: UserAnswer, text: 'The signed-in user.', example: USER },
  },
  ({ user: { id, email, created_at } }) => ({ id, email, created_at }),
)

/** Register, login and who am I. */
export const accountRoutes = [register, login, getMe]
