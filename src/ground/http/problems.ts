// The refusals that any route may give, and what an exception becomes.
import { ParseError } from 'elysia'
import { isAway } from '../database/is-away.ts'
import { Problem, problem } from './problem.ts'

export const malformedBody = problem(400, 'MALFORMED_BODY', 'The body is not valid JSON')
export const bodyNotAllowed = problem(400, 'BODY_NOT_ALLOWED', 'This method takes no body')
export const invalidHost = problem(400, 'INVALID_HOST', 'This server does not answer to that host name')
export const invalidCursor = problem(
  400,
  'INVALID_CURSOR',
  'The cursor is malformed or belongs to another list',
)
export const unauthorized = problem(401, 'UNAUTHORIZED', 'Could not validate credentials', {
  headers: { 'www-authenticate': 'Bearer' },
})
export const forbidden = problem(403, 'FORBIDDEN', 'Insufficient permissions')
export const passwordChangeRequired = problem(
  403,
  'PASSWORD_CHANGE_REQUIRED',
  'Set a new password first: POST /v1/auth/password',
)
/** A resource that does not exist, or that is another user's: the two are not told apart. */
export const notFound = (detail: string) => problem(404, 'NOT_FOUND', detail)
export const nothingHere = notFound('There is nothing at this address')
export const methodNotAllowed = problem(405, 'METHOD_NOT_ALLOWED', 'This address does not know this method')
export const keyInUse = problem(
  409,
  'IDEMPOTENCY_KEY_IN_USE',
  'The first request with this Idempotency-Key is still running',
  { retry_after: 1 },
)
export const staleETag = problem(412, 'STALE_ETAG', 'It has been changed since you read it')
export const bodyTooLarge = problem(413, 'BODY_TOO_LARGE', 'The body is larger than 64 KiB')
export const unsupportedMediaType = problem(
  415,
  'UNSUPPORTED_MEDIA_TYPE',
  'The body must be application/json',
  { headers: { accept: 'application/json' } },
)
export const onlyAWorker = problem(
  421,
  'ONLY_A_WORKER',
  'This process only does jobs. Ask one whose ROLE is api or all.',
)
export const invalidRequest = problem(422, 'VALIDATION_ERROR', 'The request is not valid', {
  example: { field_errors: [{ loc: ['query', 'limit'], msg: 'must be at most 100', type: 'max_value' }] },
})
/** A value that a schema accepts but the rules of the room refuse. */
export const invalidField = (detail: string, loc: string[], type: string, msg = detail) =>
  problem(422, 'VALIDATION_ERROR', detail, { field_errors: [{ loc, msg, type }] })
export const keyReused = problem(
  422,
  'IDEMPOTENCY_KEY_REUSED',
  'This Idempotency-Key was used before with another request body',
)
export const rateLimitExceeded = problem(
  429,
  'RATE_LIMIT_EXCEEDED',
  'Rate limit exceeded. Try again in 30 seconds.',
  { example: { retry_after: 30 } },
)
export const internalError = problem(500, 'INTERNAL_ERROR', 'An internal error occurred')
export const databaseUnavailable = problem(
  503,
  'DATABASE_UNAVAILABLE',
  'The database is not available. Try again shortly.',
  { retry_after: 5 },
)
export const notReady = problem(503, 'NOT_READY', 'The server is starting or stopping. Try again shortly.', {
  retry_after: 1,
})
export const statementTimeout = problem(504, 'STATEMENT_TIMEOUT', 'The database took too long to answer')

/**
 * Turns whatever was thrown into a Problem. One of status 500 means: log it, and tell the client nothing.
 * @param statementTimeoutMs the configured one, which a 504 tells in seconds.
 */
export function toProblem(thrown: unknown, statementTimeoutMs?: number): Problem {
  // Elysia wraps whatever is thrown before a body is parsed: our own 401, a database that is away.
  const isWrapped = thrown instanceof ParseError && thrown.cause && !(thrown.cause instanceof SyntaxError)
  const error = isWrapped ? thrown.cause : thrown
  if (error instanceof Problem) return error
  if (error instanceof ParseError) return malformedBody()
  const { code } = (error ?? {}) as { code?: unknown }
  if (code === '57014') {
    return statementTimeout(
      statementTimeoutMs === undefined ? {} : { timeout_duration: statementTimeoutMs / 1000 },
    )
  }
  return isAway(error) ? databaseUnavailable() : internalError()
}
