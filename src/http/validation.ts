// Checks requests and answers by the schemas of their routes. Elysia's own error of validation looks for all faults a
// second time and repeats what was sent, outside of production once for each fault: so what does not fit becomes an
// error of ours while Elysia still waits for the result.
import type { AnyElysia } from 'elysia'
import { type BaseIssue, type GenericSchema, object, safeParse } from 'valibot'
import { type FieldError, Problem } from '../errors.ts'
import { findUnknownFields } from './unknown-fields.ts'

/** A client mends a few at a time. */
const MOST_FIELD_ERRORS = 20
const PLACES = ['body', 'query', 'params', 'headers', 'cookie'] as const

/** What Elysia gets in the place of a schema (Standard Schema, version 1). */
interface Check {
  '~standard': { version: 1; vendor: 'valibot'; validate(value: unknown): { value: unknown } }
  schema: GenericSchema
}

/** An answer of ours that does not fit its schema: our mistake, and nothing that a client may read. */
export class AnswerFault extends Error {
  /** Where, and which rule; without any value. */
  readonly fault: string

  constructor(issue: BaseIssue<unknown>) {
    super('An answer does not fit its schema')
    this.fault = `${pathOf(issue).join('.')}: ${issue.type}`
  }
}

/** Of a route that takes no parameters. */
const NoQuery = object({})

/**
 * Puts checks of ours in the place of all schemas of a room's routes, for requests and for answers. A route of the API
 * that says nothing of its query has an empty one; a page for people may be led to with any.
 * @returns the same room, to be mounted: a route keeps the schemas that it had when it was.
 */
export function checked(room: AnyElysia): AnyElysia {
  for (const { hooks } of room.routes) {
    if (!hooks.detail?.hide) hooks.query ??= NoQuery
    for (const place of PLACES) {
      const schema: GenericSchema | undefined = hooks[place]
      if (schema) hooks[place] = check(schema, value => readRequest(schema, place, value))
    }
    hooks.response &&= Object.fromEntries(
      Object.entries<GenericSchema>(hooks.response).map(([status, schema]) => [
        status,
        check(schema, value => readAnswer(schema, value)),
      ]),
    )
  }
  return room
}

/** The schema that stands behind a check. */
export const schemaBehind = (check: unknown): GenericSchema => (check as Check).schema

const check = (schema: GenericSchema, read: (value: unknown) => unknown): Check => ({
  '~standard': { version: 1, vendor: 'valibot', validate: value => ({ value: read(value) }) },
  schema,
})

/**
 * The first broken rule of each field: so a pattern is never tried on a text that is too long for it. What a schema does
 * not know is a fault as well.
 * @throws {Problem} 422 with path and rule, and no value.
 */
function readRequest(schema: GenericSchema, place: string, value: unknown): unknown {
  const { success, output, issues = [] } = safeParse(schema, value, { abortPipeEarly: true })
  const unknown =
    place === 'query' || place === 'body' ? findUnknownFields(schema, place, value, MOST_FIELD_ERRORS) : []
  if (success && unknown.length === 0) return output
  const broken = issues
    .slice(0, MOST_FIELD_ERRORS - unknown.length)
    .map((issue): FieldError => toFieldError(place, issue))
  throw new Problem(422, 'VALIDATION_ERROR', 'The request is not valid', {
    field_errors: [...unknown, ...broken],
  })
}

function toFieldError(place: string, issue: BaseIssue<unknown>): FieldError {
  const loc = [place, ...pathOf(issue)]
  // In a query only what stands there more than once is a list (query.ts).
  if (place !== 'query' || !Array.isArray(issue.input))
    return { loc, msg: ruleMessage(issue), type: issue.type }
  const times = issue.input.length === 2 ? 'twice' : `${issue.input.length} times`
  return { loc, msg: `is given ${times}; give it once`, type: 'repeated' }
}

/** @throws {AnswerFault} */
function readAnswer(schema: GenericSchema, value: unknown): unknown {
  const { success, output, issues } = safeParse(schema, value, { abortEarly: true })
  if (success) return output
  throw new AnswerFault(issues[0])
}

const pathOf = ({ path }: BaseIssue<unknown>): string[] => path?.map(({ key }) => String(key)) ?? []

/** Valibot's own messages begin with "Invalid" and repeat what was received; ours say what would be right. */
function ruleMessage({ message, expected }: BaseIssue<unknown>): string {
  if (message && !message.startsWith('Invalid')) return message
  return expected ? `expected ${expected}` : 'not valid'
}
