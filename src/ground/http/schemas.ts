// Building blocks of the rooms' schemas. Query values arrive as text, so numbers and booleans are read from it.

import { Buffer } from 'node:buffer'
import * as v from 'valibot'
import { nameSchemas } from './openapi/named-schemas.ts'

export const Id = v.pipe(v.string(), v.uuid('must be a UUID'))

/** ISO 8601 in UTC with milliseconds. */
export const Time = v.pipe(v.string(), v.isoTimestamp())

/** What the API's description says of a value that arrives as text and is read as something else. */
export const READ_AS = 'read_as'

/** A name that rooms declare: which there are is known when all of them are loaded. */
export const declaredName = (names: () => string[]) =>
  v.pipe(
    v.string(),
    v.metadata({ [READ_AS]: () => ({ type: 'string', enum: names() }) }),
    v.check(
      name => names().includes(name),
      () => `must be one of: ${names().join(', ')}`,
    ),
  )

/** A whole number in a query, with its bounds and default. */
export const queryInteger = (fallback: number, least: number, most: number) =>
  v.optional(
    v.pipe(
      v.string(),
      v.metadata({ [READ_AS]: { type: 'integer', minimum: least, maximum: most, default: fallback } }),
      v.regex(/^-?\d{1,9}$/, 'must be a whole number'),
      v.transform(Number),
      v.minValue(least, `must be at least ${least}`),
      v.maxValue(most, `must be at most ${most}`),
    ),
    String(fallback),
  )

/** A number in a query, with its bounds; undefined when it was left out. */
export const queryNumber = (least: number, most: number) =>
  v.optional(
    v.pipe(
      v.string(),
      v.metadata({ [READ_AS]: { type: 'number', minimum: least, maximum: most } }),
      v.regex(/^-?\d{1,9}(?:\.\d{1,17})?$/, 'must be a number'),
      v.transform(Number),
      v.minValue(least, `must be at least ${least}`),
      v.maxValue(most, `must be at most ${most}`),
    ),
  )

/**
 * A parameter that may stand in a query more than once; undefined when it was left out.
 * @param most so many times at most
 * @param values those that there are, where they are known
 */
export const queryList = <Item extends v.GenericSchema<string, string>>(
  item: Item,
  most: number,
  values?: readonly string[],
) =>
  v.optional(
    v.pipe(
      v.custom<string | string[]>(given => typeof given === 'string' || Array.isArray(given)),
      v.metadata({
        [READ_AS]: {
          type: 'array',
          items: { type: 'string', ...(values ? { enum: values } : {}) },
          maxItems: most,
        },
      }),
      v.transform(given => (Array.isArray(given) ? given : [given])),
      v.maxLength(most, `must be given at most ${most} times`),
      list(item, 0, most),
    ),
  )

/** `true` or `false` in a query; undefined when it was left out. */
export const QueryBoolean = v.optional(
  v.pipe(
    v.picklist(['true', 'false'], 'must be true or false'),
    v.metadata({ [READ_AS]: { type: 'boolean' } }),
    v.transform(value => value === 'true'),
  ),
)

/** A time in a query, such as 2026-01-15T09:14:02.310Z; undefined when it was left out. */
export const QueryTime = v.optional(
  v.pipe(
    v.string(),
    v.isoTimestamp('must be a time such as 2026-01-15T09:14:02.310Z'),
    v.check(
      text => !text.startsWith('0000') && !Number.isNaN(Date.parse(text)),
      'must be a time that there is',
    ),
  ),
)

export const SortOrder = v.picklist(['asc', 'desc'], 'must be asc or desc')

/** Text that Postgres can hold: it refuses NUL, and UTF-8 has no place for half a surrogate pair. */
export const StorableText = v.pipe(
  v.string(),
  v.check(value => !value.includes('\0') && value.isWellFormed(), 'must be well-formed text without NUL'),
)

/** Whether Postgres can hold what is in it, at whatever depth; names are text, too. */
const isStorable = (value: unknown): boolean =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).every(entry => entry.every(isStorable))
    : typeof value !== 'string' || v.is(StorableText, value)

/** Any JSON object, kept as it is; at most so many KB of it. */
export const jsonObject = (kilobytes: number) =>
  v.pipe(
    // A record would take a list, and make an object of it.
    v.custom<Record<string, unknown>>(
      value => typeof value === 'object' && value !== null && !Array.isArray(value),
      'must be an object',
    ),
    v.metadata({ [READ_AS]: () => ({ type: 'object', additionalProperties: true }) }),
    v.check(
      value => Buffer.byteLength(JSON.stringify(value)) <= kilobytes * 1024,
      `must be at most ${kilobytes} KB of JSON`,
    ),
    v.check(value => isStorable(value), 'must hold well-formed text without NUL'),
  )

/**
 * A length rule over characters as people and JSON Schema count them: an emoji is one, where JavaScript counts two.
 * Counts no further than the rule can tell.
 */
function byCharacters<Rule extends v.BaseValidation<string, string, v.BaseIssue<unknown>>>(
  characters: number,
  rule: Rule,
): Rule {
  const run: Rule['~run'] = (dataset, config) => {
    // A rule is asked of what is no string, too, and passes it by.
    if (!dataset.typed) return rule['~run'](dataset, config)
    const counted = { ...dataset, value: { length: countCharacters(dataset.value, characters + 1) } } as never
    return { ...rule['~run'](counted, config), value: dataset.value } as ReturnType<Rule['~run']>
  }
  return { ...rule, '~run': run }
}

function countCharacters(text: string, most: number): number {
  let count = 0
  for (const _ of text) if (++count === most) break
  return count
}

export const atLeast = (characters: number) =>
  byCharacters(
    characters,
    v.minLength<string, number, string>(characters, `must be at least ${characters} characters`),
  )

export const atMost = (characters: number) =>
  byCharacters(
    characters,
    v.maxLength<string, number, string>(characters, `must be at most ${characters} characters`),
  )

/**
 * An array in a request. Its length is looked at first, and its elements only when that is right: `v.array` alone
 * would look for faults in each of a hundred thousand.
 * @param most at most so many elements
 */
export function list<Item extends v.GenericSchema>(item: Item, least: number, most: number) {
  const tooShort = `must hold at least ${countItems(least)}`
  const tooLong = `must hold at most ${countItems(most)}`
  const length = v.pipe(
    v.custom<unknown[]>(Array.isArray),
    v.minLength(least, tooShort),
    v.maxLength(most, tooLong),
  )
  const whole = v.pipe(v.array(item), v.minLength(least, tooShort), v.maxLength(most, tooLong))
  const run: (typeof whole)['~run'] = (dataset, config) => {
    const { value } = dataset
    const hasLength = !Array.isArray(value) || (value.length >= least && value.length <= most)
    return hasLength ? whole['~run'](dataset, config) : (length['~run'](dataset, config) as never)
  }
  return { ...whole, most, '~run': run }
}

const countItems = (items: number) => `${items} ${items === 1 ? 'item' : 'items'}`

const FieldErrorAnswer = v.pipe(
  v.object({
    loc: v.pipe(v.array(v.string()), v.description('Where: ["body", "password"].')),
    msg: v.pipe(v.string(), v.description('What would be right.')),
    type: v.pipe(v.string(), v.description('The rule that is broken.')),
  }),
  v.description('One value of the request that breaks a rule. The value itself is not repeated.'),
)

/** Every error, of every route (RFC 9457). */
export const ProblemAnswer = v.object({
  type: v.string(),
  title: v.pipe(v.string(), v.description('The name of the status.')),
  status: v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(599)),
  detail: v.pipe(v.string(), v.description('What went wrong, in a sentence.')),
  error_code: v.pipe(v.string(), v.regex(/^[A-Z][A-Z_]*$/), v.description('The same, for programs.')),
  request_id: v.pipe(v.string(), v.description('As in X-Request-ID.')),
  field_errors: v.optional(v.array(FieldErrorAnswer)),
  existing_save_id: v.optional(v.pipe(Id, v.description('The save that is there already.'))),
  link_ticket: v.optional(
    v.pipe(v.string(), v.description('Links an account to who signed in by an OpenID provider.')),
  ),
  retry_after: v.optional(v.pipe(v.number(), v.description('Seconds until it is worth trying again.'))),
  timeout_duration: v.optional(
    v.pipe(v.number(), v.description('Seconds after which a statement is ended.')),
  ),
})

nameSchemas({ FieldError: FieldErrorAnswer, Problem: ProblemAnswer })
