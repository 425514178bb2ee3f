// What a refusal is: application/problem+json (RFC 9457), one shape for all.

export interface FieldError {
  /** Where: ["body", "password"]. */
  loc: string[]
  msg: string
  /** Which rule was broken, by its name in the schema. */
  type: string
}

interface ProblemFields {
  field_errors?: FieldError[]
  existing_save_id?: string
  link_ticket?: string
  /** Seconds; becomes `Retry-After` too. */
  retry_after?: number
  /** Seconds. */
  timeout_duration?: number
  headers?: Record<string, string>
}

export const STATUS_TITLES: Record<number, string> = {
  304: 'Not Modified',
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
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

/** A kind of refusal. Called, it makes one to throw; routes name those that they may give. */
export interface ProblemKind {
  (fields?: ProblemFields & { detail?: string }): Problem
  readonly status: number
  readonly error_code: string
  readonly detail: string
  /** What the document shows besides, where only a thrown one knows it. */
  readonly example: object
  /** The constraint of the database that says the same. */
  readonly constraint: string | undefined
}

/** What a route throws to refuse a request. `message` is a sentence for a person and never holds a value of the request. */
export class Problem extends Error {
  readonly status: number
  readonly error_code: string
  readonly fields: ProblemFields

  constructor({ status, error_code }: ProblemKind, detail: string, fields: ProblemFields) {
    super(detail)
    this.status = status
    this.error_code = error_code
    this.fields = fields
  }
}

/**
 * Defines a kind of refusal.
 * @param always what each of them carries
 */
export function problem(
  status: number,
  error_code: string,
  detail: string,
  {
    constraint,
    example = {},
    ...always
  }: ProblemFields & { example?: ProblemFields; constraint?: string } = {},
): ProblemKind {
  const { headers: _, ...shown } = always
  const kind: ProblemKind = Object.assign(
    ({ detail: said = detail, ...fields }: ProblemFields & { detail?: string } = {}) =>
      new Problem(kind, said, { ...always, ...fields }),
    { status, error_code, detail, constraint, example: { ...shown, ...example } },
  )
  return kind
}

/** The answer for a problem. */
export function problemResponse(
  { status, error_code, message, fields }: Problem,
  requestId: string,
): Response {
  const { headers, ...extra } = fields
  const body = {
    type: 'about:blank',
    title: STATUS_TITLES[status] ?? 'Error',
    status,
    detail: message,
    error_code,
    request_id: requestId,
    ...extra,
  }
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': 'application/problem+json',
      ...(extra.retry_after ? { 'retry-after': String(extra.retry_after) } : {}),
      ...headers,
    },
  })
}
