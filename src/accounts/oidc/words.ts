import type { Words } from '../../ground/http/openapi/words.ts'

/** What the parameters and fields of signing in by a provider mean. */
export const oidcWords: Words = {
  fields: {
    authorization_url: 'Where to sign in, with the cookie that came with this answer kept.',
    'IdentityLink.link_ticket': 'As the refusal of the callback gave it.',
    'IdentityLink.password': 'The password of the account that has the email.',
  },
  parameters: {
    return_to: { text: 'The path of the page to come back to: `/library`, or one below it.' },
    remember_me: { text: 'Whether the session lasts 30 days without use instead of 7.', example: false },
    code: { text: 'What the provider gives for who has signed in.', example: 'SplxlOBeZQQYbYS6WxSbIA' },
    state: { text: 'Which sign-in it belongs to.', example: 'af0ifjsldkj' },
    iss: { text: 'Which provider answers.', example: 'https://id.example.com' },
    error: { text: 'Why the provider did not sign somebody in.', example: 'access_denied' },
  },
}
