import type { Words } from '../ground/http/openapi/words.ts'

/** What the room's parameters and fields mean. */
export const words: Words = {
  fields: {
    email: 'The address, trimmed and in lower case.',
    'Login.email': 'The address of the account; case does not matter.',
    'Registration.email': 'An address that no account has; kept trimmed and in lower case.',
    'Login.password': 'The password of the account.',
    'Registration.password': 'At least 8 characters, all of which count.',
    user: 'Who has signed in.',
    access_token: 'Goes into `Authorization: Bearer …`.',
    token_type: 'How the token is sent.',
    expires_in: 'Seconds until the token ends.',
  },
}
