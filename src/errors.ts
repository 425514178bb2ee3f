// The one place where an exception becomes an answer: application/problem+json (RFC 9457), one shape for all.
import { ParseError } from 'elysia'
import postgres from 'postgres'

export interface FieldError {
  /** Where: ["body", "password"]. */
  loc: string[]
  msg: string
  /** Which rule was broken, by its name in the schema. */
  type: string
}

interface ProblemOptions {
  field_errors?: FieldError[]
  existing_save_id?: string
  /** Seconds; becomes `Retry-After` too. */
  retry_after?: number
  /** Seconds. */
  timeout_duration?: number
  headers?: Record<string, string>
}

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

/** What a route throws to refuse a request. `detail` is a sentence for a person and never holds a value of the request. */
export class Problem extends Error {
  readonly status: number
  readonly error_code: string
  readonly options: ProblemOptions

  constructor(status: number, error_code: string, detail: string, options: ProblemOptions = {}) {
    super(detail)
    this.status = status
    this.error_code = error_code
    this.options = options
  }
}

export const unauthorized = (detail = 'Could not validate credentials') =>
  new Problem(401, 'UNAUTHORIZED', detail, { headers: { 'www-authenticate': 'Bearer' } })

export const notFound = (detail: string) => new Problem(404, 'NOT_FOUND', detail)

/** A field that a schema accepts but the rules of the room refuse. */
export const invalidField = (detail: string, loc: string[], type: string) =>
  new Problem(422, 'VALIDATION_ERROR', detail, { field_errors: [{ loc, msg: detail, type }] })

/** Every constraint that a client can trip, and what to tell them. */
const CONSTRAINTS: Record<string, () => Problem> = {
  users_email_taken: () => new Problem(400, 'EMAIL_TAKEN', 'Email already registered'),
}

/**
 * Postgres' "the server is away or going away" (SQLSTATE classes 08 and 57P), what the client makes of it, and what the
 * network says of a way that is gone.
 */
const AWAY =
  /^(08...|57P0.|53300|25P03|CONNECTION_.*|CONNECT_TIMEOUT|ECONN.*|EPIPE|ENOENT|ETIMEDOUT|E(HOST|NET)UNREACH|ENOTFOUND|EAI_AGAIN)$/

/**
 * Turns whatever was thrown into a Problem. A Problem of status 500 means: log it, and tell the client nothing.
 * @param statementTimeoutMs the configured one, which a 504 tells in seconds.
 */
export function toProblem(thrown: unknown, statementTimeoutMs?: number): Problem {
  // Elysia wraps whatever is thrown before a body is parsed: our own 401, a database that is away.
  const isWrapped = thrown instanceof ParseError && thrown.cause && !(thrown.cause instanceof SyntaxError)
  const error = isWrapped ? thrown.cause : thrown
  if (error instanceof Problem) return error
  if (error instanceof ParseError) return new Problem(400, 'MALFORMED_BODY', 'The body is not valid JSON')
  if (error instanceof postgres.PostgresError && error.constraint_name) {
    const known = CONSTRAINTS[error.constraint_name]
    if (known) return known()
  }
  const code = (error as { code?: unknown } | null)?.code
  if (code === '57014') {
    return new Problem(504, 'STATEMENT_TIMEOUT', 'The database took too long to answer', {
      ...(statementTimeoutMs === undefined ? {} : { timeout_duration: statementTimeoutMs / 1000 }),
    })
  }
  if (typeof code === 'string' && AWAY.test(code)) {
    return new Problem(503, 'DATABASE_UNAVAILABLE', 'The database is not available. Try again shortly.', {
      retry_after: 5,
    })
  }
  return new Problem(500, 'INTERNAL_ERROR', 'An internal error occurred')
}

/** The answer for a problem. */
export function problemResponse(problem: Problem, requestId: string): Response {
  const { headers, ...extra } = problem.options
  const body = {
    type: 'about:blank',
    title: TITLES[problem.status] ?? 'Error',
    status: problem.status,
    detail: problem.message,
    error_code: problem.error_code,
    request_id: requestId,
    ...extra,
  }
  return new Response(JSON.stringify(body), {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      ...(extra.retry_after ? { 'retry-after': String(extra.retry_after) } : {}),
      ...headers,
    },
  })
}
