// Building blocks of the rooms' schemas. Query values arrive as text, so numbers and booleans are read from it.
import * as v from 'valibot'

export const Id = v.pipe(v.string(), v.uuid('must be a UUID'))

/** ISO 8601 in UTC with milliseconds. */
export const Time = v.pipe(v.string(), v.isoTimestamp())

/** A whole number in a query, with its bounds and default. */
export const queryInteger = (fallback: number, least: number, most: number) =>
  v.optional(
    v.pipe(
      v.string(),
      v.regex(/^-?\d{1,9}$/, 'must be a whole number'),
      v.transform(Number),
      v.minValue(least, `must be at least ${least}`),
      v.maxValue(most, `must be at most ${most}`),
    ),
    String(fallback),
  )

/** `true` or `false` in a query; undefined when it was left out. */
export const QueryBoolean = v.optional(
  v.pipe(
    v.picklist(['true', 'false'], 'must be true or false'),
    v.transform(value => value === 'true'),
  ),
)

export const SortOrder = v.picklist(['asc', 'desc'], 'must be asc or desc')

/** Text that Postgres can hold: it refuses NUL, and UTF-8 has no place for half a surrogate pair. */
export const StorableText = v.pipe(
  v.string(),
  v.check(value => !value.includes('\0') && value.isWellFormed(), 'must be well-formed text without NUL'),
)

/** Every error, of every route (RFC 9457). */
export const ProblemAnswer = v.object({
  type: v.string(),
  title: v.string(),
  status: v.number(),
  detail: v.string(),
  error_code: v.string(),
  request_id: v.string(),
  field_errors: v.optional(
    v.array(v.object({ loc: v.array(v.string()), msg: v.string(), type: v.string() })),
  ),
  existing_save_id: v.optional(Id),
  retry_after: v.optional(v.number()),
  timeout_duration: v.optional(v.number()),
})
