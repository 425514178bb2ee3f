// What the document says in words: kept beside the routes' schemas, not in them, so that a route stays short.
import { CONTENT, SAVE } from './texts/things.ts'

/** The words for one operation. Examples must fit the operation's schemas, which a test checks. */
export interface OperationText {
  /** Left out where the route itself says it. */
  description?: string
  /** What a good answer holds. */
  answer: string
  /** Whether a good answer says in `Location` where the new thing is. */
  hasLocation?: true
  /** Of a good answer, where it is not JSON. */
  mediaType?: string
  /** A body that a client might send. */
  body?: unknown
  /** A body that they might get back. */
  example?: unknown
  /** Refusals of its own: status -> error code, sentence and whatever else the problem carries. */
  problems?: Record<number, [code: string, detail: string, more?: object]>
}

/** Every parameter of a query or path: one name means one thing in all of the API. */
export const PARAMETER_TEXTS: Record<string, string> = {
  id: 'The id of what the path names.',
  limit: 'How many at most.',
  offset: 'How many to pass over. With `cursor` it is not looked at.',
  cursor: 'Where to go on: `next_cursor` of the page before. Its cost does not grow with depth.',
  sort_by: 'What to order by.',
  sort_order: 'Which way: `asc` is upwards, `desc` downwards.',
  delivery_id: 'The id of a delivery.',
  status: 'Only those that are this far.',
  type: 'Only those of this kind.',
  content_id: 'The id of a content.',
  hash: 'MD5 of the content’s `thumbnail_url`, in hex.',
  width: 'How wide in pixels at most; a smaller picture is not made larger.',
  category: 'Only those of this category. Content without one counts as Misc.',
  search:
    'Only those with this text in title, topic or note. Case does not matter; `%` and `_` are plain characters.',
  is_favorited: 'Only favourites, or only others. Left out: both.',
  is_archived: '`false`: without archived ones. `true`: those alone. `all`: both.',
  limit_per_category: 'How many of each category at most, the newest.',
  include_similar: 'Whether to look for similar items.',
  similar_limit: 'How many similar items at most.',
  cluster_type: 'Only clusters of this type.',
  min_items: 'Only clusters with at least so many items.',
  q: 'What to look for, in any order.',
  mode: 'text: by words. semantic: by meaning. hybrid: both, fused by rank.',
  scope: 'mine: in the own library. all: in everything that anybody saved.',
}

/** A value of each parameter whose schema has neither a default nor a list of values. */
export const PARAMETER_EXAMPLES: Record<string, unknown> = {
  id: SAVE.id,
  content_id: CONTENT.id,
  delivery_id: '019a5c45-2c34-7a90-8b12-0d9e8f7a6b5c',
  hash: CONTENT.thumbnail_path.slice(-32),
  cursor: 'WyIyMDI2LTAxLTE1VDA5OjE0OjAyLjMxMFoiXQ',
  search: 'brunch',
  q: 'late breakfast in Bangalore',
  is_favorited: true,
}

/** What a status is called, and what it means here. */
export const STATUS_TEXTS: Record<number, [title: string, description: string]> = {
  304: ['Not Modified', 'Nothing has changed since the `ETag` that the client named. No body.'],
  400: ['Bad Request', 'The request is malformed or repeats what is there.'],
  401: ['Unauthorized', 'There is no token, or it is not valid, or its user is gone.'],
  403: ['Forbidden', 'Not allowed.'],
  404: ['Not Found', 'There is no such thing, or it belongs to somebody else.'],
  409: ['Conflict', 'It conflicts with what is there, or the same request is still running.'],
  412: ['Precondition Failed', '`If-Match` names an older version.'],
  413: ['Content Too Large', 'The body is larger than the route takes; `detail` says how much that is.'],
  415: ['Unsupported Media Type', 'The body is not JSON.'],
  422: [
    'Unprocessable Content',
    'A value breaks a rule, or a parameter or field is not known here; `field_errors` says which and where, of twenty at most.',
  ],
  429: ['Too Many Requests', 'Too many requests; `Retry-After` says when to come back.'],
  500: ['Internal Server Error', 'Our mistake. It is in the log under the request id.'],
  503: ['Service Unavailable', 'The database is away, or the server is starting or stopping.'],
  504: ['Gateway Timeout', 'A statement took longer than the server allows.'],
}

/** What a problem of each status looks like where the operation says nothing of its own. */
export const PROBLEM_TEXTS: Record<number, [code: string, detail: string, more?: object]> = {
  400: ['MALFORMED_BODY', 'The body is not valid JSON'],
  401: ['UNAUTHORIZED', 'Could not validate credentials'],
  404: ['NOT_FOUND', 'There is nothing at this address'],
  409: ['IDEMPOTENCY_IN_FLIGHT', 'A request with this key is still running', { retry_after: 1 }],
  412: ['PRECONDITION_FAILED', 'It has changed since you read it'],
  413: ['BODY_TOO_LARGE', 'The body is larger than 64 KiB'],
  415: ['UNSUPPORTED_MEDIA_TYPE', 'The body must be application/json'],
  422: [
    'VALIDATION_ERROR',
    'The request is not valid',
    { field_errors: [{ loc: ['query', 'limit'], msg: 'must be at most 100', type: 'max_value' }] },
  ],
  429: ['RATE_LIMIT_EXCEEDED', 'Rate limit exceeded. Try again in 30 seconds.', { retry_after: 30 }],
  500: ['INTERNAL_ERROR', 'An internal error occurred'],
  503: ['DATABASE_UNAVAILABLE', 'The database is not available. Try again shortly.', { retry_after: 5 }],
  504: ['STATEMENT_TIMEOUT', 'The database took too long to answer'],
}
