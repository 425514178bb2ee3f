import { v7 as uuidv7 } from 'uuid'
import { clientNetwork } from '../../ground/http/edge/client-address.ts'
import { problem } from '../../ground/http/problem.ts'
import { route } from '../../route.ts'
import { CREDENTIALS, SIGNED_IN } from '../examples.ts'
import {
  admitRegistration,
  invalidInvitation,
  invitationRequired,
  registrationClosed,
  registrationOf,
} from '../invitations/registration.ts'
import { hashNewPassword } from '../passwords/new-password.ts'
import { accountDisabled, emailTaken, usernameTaken } from '../problems.ts'
import { AuthAnswer, LoginBody, RegisterBody, WaysAnswer } from '../schema.ts'
import { startSession, tokensOf } from '../sessions/sign-in.ts'
import {
  findLogin,
  hasUsers,
  insertUser,
  lockPassword,
  readOldPepper,
  rememberNetwork,
  setPasswordHash,
} from '../store.ts'
import { guesses } from './guesses.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { tooBusy } from './turns.ts'

const wrongCredentials = problem(401, 'UNAUTHORIZED', 'Invalid email or password', {
  headers: { 'www-authenticate': 'Bearer' },
})

const register = route(
  'POST /v1/auth/register',
  {
    id: 'register',
    tag: 'Accounts',
    summary: 'Create an account',
    description:
      'The email is trimmed and lower-cased. All characters of the password count; one that is easy to guess is refused. The answer holds tokens, so no login need follow.',
    may: 'anybody',
    limit: 'register',
    body: RegisterBody,
    example: CREDENTIALS,
    gives: { status: 201, body: AuthAnswer, text: 'The new user and their tokens.', example: SIGNED_IN },
    problems: [emailTaken, usernameTaken, tooBusy, registrationClosed, invitationRequired, invalidInvitation],
    audit: { of: 'user', actions: ['register'] },
  },
  {
    prepare: ask => hashNewPassword(ask, ask.body.password, ask.body.email),
    handle: async ({ tx, body, context, request, prepared, audit }) => {
      // First, so that an email that is taken costs as much time.
      await rememberNetwork(tx, guesses(context).pairOf(request, body.email))
      const id = uuidv7()
      const { email, username = null } = body
      const role = await admitRegistration(tx, context, email, body.invitation)
      const subscription_tier = context.config.DEFAULT_TIER
      await insertUser(tx, { id, email, username, role, subscription_tier, password_hash: prepared })
      await audit(id, {}, { user_id: id })
      return startSession(tx, context, request, id, body.remember_me)
    },
    finish: (started, { context }) => tokensOf(context, started),
  },
)

const login = route(
  'POST /v1/auth/login',
  {
    id: 'login',
    tag: 'Accounts',
    summary: 'Sign in and get tokens',
    description:
      'By email or by username. A wrong password and an unknown name get the same answer after the same time. Wrong passwords are counted for an account and the network that they come from; they keep nobody out who comes from another. What is right is not counted.',
    may: 'anybody',
    // What counts wrong passwords knows the email: see `guesses`.
    limit: 'default',
    body: LoginBody,
    example: CREDENTIALS,
    gives: { body: AuthAnswer, text: 'The user and new tokens.', example: SIGNED_IN },
    problems: [wrongCredentials, accountDisabled, tooBusy],
    audit: { of: 'user', actions: ['login', 'login_failed'] },
  },
  {
    // Not in the transaction: what is wrong must be audited and counted all the same.
    prepare: async ({ sql, audit, body, context, request, set }) => {
      const name = (body.email ?? body.username)!
      const found = await findLogin(sql, name)
      return guesses(context).judge(request, set, found?.email ?? name, async () => {
        const keys = { masters: context.config, old: await readOldPepper(sql) }
        const network = clientNetwork(request)
        const verdict = await verifyPassword(body.password, keys, found?.password_hash, network)
        const action = verdict === 'wrong' ? 'login_failed' : 'login'
        await audit(found?.id, {}, { action, user_id: found?.id })
        if (verdict === 'wrong') return undefined
        const isOld = verdict === 'right, by an old key'
        const hash = isOld ? await hashPassword(body.password, keys, network) : undefined
        return { login: found!, hash }
      })
    },
    handle: async ({ tx, body, prepared, context, request }) => {
      if (!prepared) throw wrongCredentials()
      const { hash } = prepared
      const login = await lockPassword(tx, prepared.login.id)
      // Another password was set since it was tried.
      if (login?.password_hash !== prepared.login.password_hash) throw wrongCredentials()
      if (!login.is_active) throw accountDisabled()
      if (hash) await setPasswordHash(tx, login.id, hash)
      return startSession(tx, context, request, login.id, body.remember_me)
    },
    finish: (started, { context }) => tokensOf(context, started),
  },
)

const ways = route(
  'GET /v1/auth/ways',
  {
    id: 'listWays',
    tag: 'Accounts',
    summary: 'How people sign in here',
    description: 'What a page for signing in should offer.',
    may: 'anybody',
    limit: 'default',
    gives: {
      body: WaysAnswer,
      text: 'The ways that there are.',
      example: { registration: 'open', oidc: false, mail: true },
    },
  },
  async ({ sql, context }) => ({
    // The first account can always be made.
    registration: (await hasUsers(sql)) ? registrationOf(context) : ('open' as const),
    oidc: context.config.OIDC_ISSUER !== undefined,
    mail: context.config.MAIL_URL !== undefined,
  }),
)

export const signInRoutes = [register, login, ways]
