import { invalidField } from '../../ground/http/problems.ts'
import { route } from '../../route.ts'
import { wrongPassword } from '../problems.ts'
import { endSessions } from '../sessions/store.ts'
import { confirmationProblems, confirmPerson } from '../sign-in/confirm-person.ts'
import { tooBusy } from '../sign-in/turns.ts'
import { lockPassword } from '../store.ts'
import { hashNewPassword } from './new-password.ts'
import { ChangeBody, ValidateAnswer, ValidateBody } from './schema.ts'
import { dropReset, setPassword } from './store.ts'
import { strengthOf } from './strength.ts'

const samePassword = invalidField(
  'The new password is the one of before',
  ['body', 'new_password'],
  'same_password',
  'is the one of before',
)

const change = route(
  'POST /v1/auth/password',
  {
    id: 'changePassword',
    tag: 'Accounts',
    summary: 'Set another password',
    description:
      'Every other session ends. A wrong `current_password` counts as at a sign-in. An account without a password, whose user signs in by a provider, gets one within ten minutes after a sign-in.',
    may: 'write',
    in_person: true,
    before_password_change: true,
    limit: 'auth',
    body: ChangeBody,
    example: {
      current_password: 'correct horse battery staple',
      new_password: 'seven purple lanterns drift',
    },
    gives: { text: 'It is set, and you are signed in here alone.' },
    problems: [...confirmationProblems, tooBusy],
    audit: { of: 'user', actions: ['change_password'] },
  },
  {
    prepare: async ({ sql, body, context, request, set, user }) => {
      const by = { context, request, set, user }
      const from = await confirmPerson(sql, by, body.current_password, 'current_password')
      if (from !== null && body.current_password === body.new_password) throw samePassword()
      return { from, to: await hashNewPassword(by, body.new_password, user.email, 'new_password') }
    },
    handle: async ({ tx, user, prepared: { from, to }, audit }) => {
      // It may have been changed since it was asked for.
      if ((await lockPassword(tx, user.id))?.password_hash !== from) throw wrongPassword()
      await endSessions(tx, user.id, user.session_id)
      await setPassword(tx, user.id, to)
      // Whoever asked for a link before has what they wanted, or never did.
      await dropReset(tx, user.id)
      await audit(user.id)
    },
  },
)

const validate = route(
  'POST /v1/auth/password/validate',
  {
    id: 'validatePassword',
    tag: 'Accounts',
    summary: 'How good a password is',
    description: 'Nothing of it is kept.',
    may: 'anybody',
    limit: 'password_checks',
    body: ValidateBody,
    example: { password: 'tr0ub4dor', email: 'alice@example.com' },
    gives: {
      body: ValidateAnswer,
      text: 'Whether it may be used, and what would make it better.',
      example: {
        valid: false,
        score: 1,
        feedback: ['Add more words that are less common.'],
      },
    },
    problems: [tooBusy],
  },
  {
    prepare: ({ body }) => strengthOf(body.password, body.email),
    handle: ({ prepared }) => prepared,
  },
)

export const passwordRoutes = [change, validate]
