import type { Words } from '../../ground/http/openapi/words.ts'

const of = (name: string) => ({
  [`${name}.permissions`]: 'What it may do, as far as the user that it acts as may.',
  [`${name}.last_used_at`]: 'To five minutes; null where it has never called.',
  [`${name}.expires_at`]: 'When it ends; null: when it is removed.',
  [`${name}.status`]: '`disabled` may not call.',
})

/** What the parameters and fields of API clients mean. */
export const clientWords: Words = {
  fields: {
    client_id: 'The id of the program, and `keyid` of its signatures.',
    client_name: 'What the program is called.',
    'NewApiClient.description': 'What it is for.',
    'ApiClientChanges.description': 'What it is for.',
    acts_as_user_id: 'The user that it acts as. Left out: who adds it.',
    'ApiClientChanges.acts_as_user_id': 'The user that it acts as.',
    require_signature: 'Whether the key alone is refused, so that each request must be signed.',
    key_prefix: 'How its keys begin.',
    client_secret: 'Signs requests: the key of HMAC-SHA256, as it stands here. Shown this once.',
    api_key: 'Goes into `X-API-Key`. Shown this once.',
    previous_until: 'Until when the key and the secret of before count as well.',
    clients: 'The programs of this page.',
    ...of('NewApiClient'),
    ...of('ApiClientChanges'),
    ...of('ApiClient'),
    ...of('MadeApiClient'),
    ...of('RotatedApiClient'),
  },
}
