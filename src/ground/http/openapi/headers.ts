// Headers of requests and answers, as components of the document.

const whole = (description: string, example: number) => ({
  description,
  schema: { type: 'integer', minimum: 0 },
  example,
})
const text = (description: string, example: string) => ({ description, schema: { type: 'string' }, example })

/** Of answers. The key is the component's name, which is the header's own. */
export const HEADERS = {
  'X-Request-ID': text(
    'The request’s own id, or one that was made for it.',
    '7b0c8a52-6f1e-4c7d-9d3a-2f4b5e6c7d80',
  ),
  ETag: text('Changes with everything that the answer is made of.', 'W/"42"'),
  Location: text('Where the new thing is.', '/v1/items/019a5c40-11de-7c8b-9a3c-5b7e2f804d12'),
  Link: text(
    'The next page, if there is one (RFC 8288).',
    '</v1/items?limit=20&cursor=WyIyMDI2Il0>; rel="next"',
  ),
  'Idempotency-Replayed': text('`true` when this answer was given before, to the same key.', 'true'),
  'WWW-Authenticate': text('How to authenticate.', 'Bearer'),
  'Retry-After': whole('Seconds until it is worth trying again.', 30),
  'X-RateLimit-Limit': whole('Requests in a window.', 100),
  'X-RateLimit-Remaining': whole('Requests left in this window.', 99),
  'X-RateLimit-Reset': whole('When the window ends, in Unix seconds.', 1_768_468_500),
  'RateLimit-Policy': text('The limit (draft-ietf-httpapi-ratelimit-headers).', '"items_read";q=100;w=60'),
  RateLimit: text('What is left of it.', '"items_read";r=99;t=60'),
} as const

export type HeaderName = keyof typeof HEADERS

/**
 * Without an example: a page that tries the API out would send it each time, and requests that have nothing to do with
 * each other would share it.
 */
const header = (name: string, description: string, schema: object = {}) => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: { type: 'string', ...schema },
})

/** Of requests. */
export const HEADER_PARAMETERS = {
  RequestId: header(
    'X-Request-ID',
    'Names the request in its answer, in every line of the log and in the jobs that it causes: 1 to 128 visible ASCII characters, such as `import-2026-01-15-0001`. Left out or not of this form: one is made.',
    { pattern: '^[!-~]{1,128}$' },
  ),
  IdempotencyKey: header(
    'Idempotency-Key',
    'Makes it safe to send the same request again: for 24 hours the same key and body get the first answer, and nothing is done twice. The same key with another body is 422; while the first still runs it is 409. 1 to 255 characters, such as a UUID, a new one for each thing that is to be made.',
    { minLength: 1, maxLength: 255 },
  ),
  IfNoneMatch: header(
    'If-None-Match',
    'An `ETag` such as `W/"42"`: if it is still right, the answer is 304.',
  ),
  IfMatch: header(
    'If-Match',
    'An `ETag` such as `W/"42"`: if it is no longer right, nothing is changed and the answer is 412.',
  ),
} as const

export type HeaderParameter = keyof typeof HEADER_PARAMETERS
