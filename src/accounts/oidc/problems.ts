import { problem } from '../../ground/http/problem.ts'
import { notFound } from '../../ground/http/problems.ts'

export const noProvider = notFound('This server has no OpenID provider: OIDC_ISSUER is not set')
export const providerUnavailable = problem(
  502,
  'PROVIDER_UNAVAILABLE',
  'The OpenID provider cannot be reached, or does not answer as it should. Try again shortly.',
)
export const providerTimeout = problem(
  504,
  'PROVIDER_TIMEOUT',
  'The OpenID provider took too long to answer. Try again shortly.',
)

export const signInExpired = problem(
  400,
  'SIGN_IN_EXPIRED',
  'This sign-in was not started in this browser, or more than ten minutes ago. Start again.',
)
export const signInRefused = problem(
  400,
  'SIGN_IN_REFUSED',
  'The OpenID provider did not sign you in, or you have stopped it. Start again.',
)
export const invalidProviderAnswer = problem(
  400,
  'INVALID_PROVIDER_ANSWER',
  'What came from the OpenID provider is not valid for this sign-in. Start again.',
)
export const invalidCode = problem(
  400,
  'INVALID_CODE',
  'The code of this sign-in has expired or was used before. Start again.',
)
export const emailMissing = problem(
  400,
  'EMAIL_MISSING',
  'The OpenID provider tells no email of you that an account could have',
)
export const emailNotVerified = problem(
  400,
  'EMAIL_NOT_VERIFIED',
  'The OpenID provider has not verified your email. Verify it there, then sign in again.',
)
export const registrationClosed = problem(
  403,
  'REGISTRATION_CLOSED',
  'There is no account for you here, and new ones are not made by signing in',
)
export const accountDeleted = problem(
  403,
  'ACCOUNT_DELETED',
  'The account that you signed in to was deleted. Ask an admin.',
)
export const linkRequired = problem(
  409,
  'LINK_REQUIRED',
  'An account has your email. Give its password once, with the link_ticket: POST /v1/auth/oidc/link',
  { example: { link_ticket: 'v1.kq3N0cXo2n8bH1dG.Zm9yIHRoZSBleGFtcGxlIG9ubHk' } },
)
export const invalidLinkTicket = problem(
  400,
  'INVALID_LINK_TICKET',
  'The link ticket is not of this browser, or is older than ten minutes. Sign in by the provider again.',
)
export const wrongPassword = problem(401, 'UNAUTHORIZED', 'Invalid password', {
  headers: { 'www-authenticate': 'Bearer' },
})
