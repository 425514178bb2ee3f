import type { Words } from '../../ground/http/openapi/words.ts'

/** What the parameters and fields of personal tokens mean. */
export const tokenWords: Words = {
  fields: {
    'NewPersonalToken.name': 'What you call it, such as the program that gets it.',
    'NewPersonalToken.scopes':
      'What it may do: `read` everything of yours, `save` links, `write` everything of yours, `chat`.',
    'NewPersonalToken.expires_at': 'When it ends; null or left out: when you revoke it.',
    'PersonalToken.name': 'What you call it.',
    'PersonalToken.scopes': 'What it may do, as far as you may.',
    'PersonalToken.expires_at': 'When it ends; null: when you revoke it.',
    'PersonalToken.last_used_at': 'To five minutes; null where it was never used.',
    'MadePersonalToken.name': 'What you call it.',
    'MadePersonalToken.scopes': 'What it may do, as far as you may.',
    'MadePersonalToken.expires_at': 'When it ends; null: when you revoke it.',
    'MadePersonalToken.last_used_at': 'Null: it was never used.',
    'MadePersonalToken.token': 'Goes into `Authorization: Bearer …`. Shown this once.',
    tokens: 'The tokens, the newest first.',
  },
}
