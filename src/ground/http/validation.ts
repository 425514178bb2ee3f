// Checks requests and answers by the schemas of their routes. Elysia's own error of validation looks for all faults a
// second time and repeats what was sent, outside of production once for each fault: so what does not fit becomes an
// error of ours while Elysia still waits for the result.
import { type BaseIssue, type GenericSchema, type InferOutput, object, safeParse } from 'valibot'
import type { FieldError, Problem } from './problem.ts'
import { invalidRequest } from './problems.ts'
import { findUnknownFields } from './unknown-fields.ts'

/** A client mends a few at a time. */
const MOST_FIELD_ERRORS = 20

/** What Elysia gets in the place of a schema (Standard Schema, version 1). */
interface Check {
  '~standard': { version: 1; vendor: 'valibot'; validate(value: unknown): { value: unknown } }
  schema: GenericSchema
}

/** An answer of ours that does not fit its schema: our mistake, and nothing that a client may read. */
export class AnswerFault extends Error {
  /** Where, and which rule; without any value. */
  readonly fault: string

  constructor(fault: string) {
    super('An answer does not fit its schema')
    this.fault = fault
  }
}

/** A refusal of ours that its route does not declare, so that no client can know of it. */
export class UndeclaredProblem extends Error {
  readonly fault: string

  constructor(address: string, { status, error_code }: Problem) {
    super('A route gave a refusal that it does not declare')
    this.fault = `${address}: ${status} ${error_code}`
  }
}

/** Of a route that takes no parameters. */
export const NoQuery = object({})

/** A check of ours in the place of the schema of a part of a request. */
export const requestCheck = (schema: GenericSchema, place: string): Check => ({
  '~standard': {
    version: 1,
    vendor: 'valibot',
    validate: value => ({ value: readRequest(schema, place, value) }),
  },
  schema,
})

/** The schema that stands behind a check. */
export const schemaBehind = (check: unknown): GenericSchema => (check as Check).schema

/**
 * Holds an answer against its schema: everything in it must be declared, and as it is declared.
 * @throws {AnswerFault}
 */
export function checkAnswer(schema: GenericSchema | undefined, answer: unknown): void {
  if (!schema) return
  const { success, issues } = safeParse(schema, answer, { abortEarly: true })
  if (!success) throw new AnswerFault(`${pathOf(issues[0]).join('.')}: ${issues[0].type}`)
  const [unknown] = findUnknownFields(schema, 'body', answer, 1)
  if (unknown) throw new AnswerFault(`${unknown.loc.slice(1).join('.')}: ${unknown.type}`)
}

/**
 * Reads a part of a request. The first broken rule of each field is told: so a pattern is never tried on a text that is
 * too long for it. What a schema does not know is a fault as well.
 * @throws {Problem} 422 with path and rule, and no value.
 */
export function readRequest<Schema extends GenericSchema>(
  schema: Schema,
  place: string,
  value: unknown,
): InferOutput<Schema> {
  const { success, output, issues = [] } = safeParse(schema, value, { abortPipeEarly: true })
  const unknown =
    place === 'query' || place === 'body' ? findUnknownFields(schema, place, value, MOST_FIELD_ERRORS) : []
  if (success && unknown.length === 0) return output
  const broken = issues
    .slice(0, MOST_FIELD_ERRORS - unknown.length)
    .map((issue): FieldError => toFieldError(place, issue))
  throw invalidRequest({ field_errors: [...unknown, ...broken] })
}

function toFieldError(place: string, issue: BaseIssue<unknown>): FieldError {
  const loc = [place, ...pathOf(issue)]
  // In a query only what stands there more than once is a list (query.ts), and `queryList` lets it.
  if (place !== 'query' || !Array.isArray(issue.input) || issue.type === 'max_length')
    return { loc, msg: ruleMessage(issue), type: issue.type }
  const times = issue.input.length === 2 ? 'twice' : `${issue.input.length} times`
  return { loc, msg: `is given ${times}; give it once`, type: 'repeated' }
}

const pathOf = ({ path }: BaseIssue<unknown>): string[] => path?.map(({ key }) => String(key)) ?? []

/** Valibot's own messages begin with "Invalid" and repeat what was received; ours say what would be right. */
function ruleMessage({ message, expected }: BaseIssue<unknown>): string {
  if (message && !message.startsWith('Invalid')) return message
  return expected ? `expected ${expected}` : 'not valid'
}
