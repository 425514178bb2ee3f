import { originOf } from '../../ground/http/edge/origin.ts'
import { rateLimiter } from '../../ground/http/limits/rate-limit.ts'
import { problem } from '../../ground/http/problem.ts'
import { fingerprint } from '../../ground/secrets/sealing.ts'
import { route } from '../../route.ts'
import { sendMail } from '../jobs.ts'
import { endSessions } from '../sessions/store.ts'
import { guesses } from '../sign-in/guesses.ts'
import { tooBusy } from '../sign-in/turns.ts'
import { findLogin, rememberNetwork } from '../store.ts'
import { userNotFound } from '../users/managed.ts'
import { mayManage, mayNotUpdate } from '../users/rules.ts'
import { lockUser } from '../users/store.ts'
import { hashNewPassword } from './new-password.ts'
import { makeResetLink, readResetToken } from './reset-link.ts'
import { ConfirmBody, RequestAnswer, RequestBody, ResetAnswer, ResetParams } from './schema.ts'
import { findReset, setPassword, takeReset } from './store.ts'

const MAILED = 'If there is an account of this email, a link to set a new password is on its way to it.'
const NO_MAIL = 'This server sends no mail. Ask who runs it for a link to set a new password.'

const TOKEN = 'trx_AZpcPnwRekCLUj8dnmoMAQGaXEAR4HshqdRuD4wTeyVh3n0Y5bQzKcWm7sJtXvPa'

const invalidResetToken = problem(
  400,
  'INVALID_RESET_TOKEN',
  'The link is unknown, used or older than an hour. Ask for another one.',
)

const request = route(
  'POST /v1/auth/password/reset/request',
  {
    id: 'requestPasswordReset',
    tag: 'Accounts',
    summary: 'Ask for a link to set a new password',
    description:
      'It is mailed, where the server sends mail. The answer is the same for any email, and takes the same time. An email is counted by `password_resets`, besides.',
    may: 'anybody',
    limit: 'auth',
    body: RequestBody,
    example: { email: 'alice@example.com' },
    gives: { status: 202, body: RequestAnswer, text: 'It was taken note of.', example: { message: MAILED } },
    audit: { of: 'user', actions: ['request_password_reset'] },
  },
  {
    prepare: ({ body, context, set }) =>
      rateLimiter(context).count(
        'password_resets',
        fingerprint(context.config, 'password resets', body.email),
        set,
      ),
    handle: async ({ tx, body, context: { config, queue }, audit }) => {
      const found = await findLogin(tx, body.email)
      await audit(found?.id, {}, { user_id: found?.id })
      if (!config.MAIL_URL) return { message: NO_MAIL }
      // Nobody's mail is a job, too: whether there is an account shows nowhere.
      await queue.enqueue(tx, sendMail, {
        mail: 'password_reset' as const,
        user_id: found?.id ?? crypto.randomUUID(),
      })
      return { message: MAILED }
    },
  },
)

const confirm = route(
  'POST /v1/auth/password/reset/confirm',
  {
    id: 'confirmPasswordReset',
    tag: 'Accounts',
    summary: 'Set a new password by a link',
    description: 'The link counts once, for an hour. Every session of the account ends.',
    may: 'anybody',
    limit: 'auth',
    body: ConfirmBody,
    example: { token: TOKEN, new_password: 'seven purple lanterns drift' },
    gives: { text: 'The password is set. Sign in with it.' },
    problems: [invalidResetToken, tooBusy],
    audit: { of: 'user', actions: ['reset_password'] },
  },
  {
    prepare: async ({ sql, body, context, request }) => {
      const reset = readResetToken(body.token)
      const email = reset && (await findReset(sql, reset))
      if (!reset || !email) throw invalidResetToken()
      const hash = await hashNewPassword({ context, request }, body.new_password, email, 'new_password')
      return { reset, email, hash }
    },
    handle: async ({ tx, context, request, prepared: { reset, email, hash }, audit }) => {
      const { user_id } = reset
      // Sessions end first, which locks the account before its link, as everybody does.
      await endSessions(tx, user_id)
      if (!(await takeReset(tx, reset))) throw invalidResetToken()
      await setPassword(tx, user_id, hash)
      await rememberNetwork(tx, guesses(context).pairOf(request, email))
      await audit(user_id, {}, { user_id })
    },
  },
)

const resetForUser = route(
  'POST /v1/users/:id/password-reset',
  {
    id: 'resetUserPassword',
    tag: 'Administration',
    reaches: 'everybody',
    summary: 'A link for a user to set a new password',
    description:
      'Mailed, where the server sends mail; else it is in the answer, this once: hand it over yourself. It counts once, for an hour, and until then the old password does. Superusers reach normal users, admins everybody.',
    may: 'update_user',
    in_person: true,
    limit: 'writes',
    params: ResetParams,
    gives: {
      body: ResetAnswer,
      text: 'The link, or that it was mailed.',
      example: {
        reset_url: `https://trove.example.com/library#reset=${TOKEN}`,
        expires_at: '2026-01-15T10:12:44.120Z',
      },
    },
    problems: [mayNotUpdate, userNotFound],
    audit: { of: 'user', actions: ['user_password_reset'] },
  },
  async ({ tx, user, params: { id }, request, context: { config, queue }, audit }) => {
    const target = await lockUser(tx, id)
    if (!mayManage(user, target)) throw mayNotUpdate()
    if (!target) throw userNotFound()
    await audit(id)
    if (config.MAIL_URL) {
      await queue.enqueue(tx, sendMail, { mail: 'password_reset' as const, user_id: id })
      return { reset_url: null, expires_at: null }
    }
    const { url, expires_at } = await makeResetLink(tx, config.PUBLIC_URL ?? originOf(request), id)
    return { reset_url: url, expires_at }
  },
)

export const resetRoutes = [request, confirm, resetForUser]
