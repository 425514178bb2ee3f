// What several routes of accounts refuse.
import { problem } from '../ground/http/problem.ts'

export const emailTaken = problem(400, 'EMAIL_TAKEN', 'Email already registered', {
  constraint: 'users_email_taken',
})
export const usernameTaken = problem(400, 'USERNAME_TAKEN', 'Username already taken', {
  constraint: 'users_username_taken',
})
/** Only who has proved that the account is theirs is told. */
export const accountDisabled = problem(403, 'ACCOUNT_DISABLED', 'This account is disabled. Ask an admin.')
/** Somebody must be left who can let others in. */
export const lastAdmin = problem(409, 'LAST_ADMIN', 'This is the last active admin')
/** Of whom has signed in, and so not 401: their session is as good as before. */
export const wrongPassword = problem(403, 'WRONG_PASSWORD', 'The password is wrong')
/** Who has no password proves who they are by the provider, just now. */
export const signInAgain = problem(
  403,
  'SIGN_IN_AGAIN',
  'This account has no password. Sign in again, and ask within ten minutes.',
)
