// What of the provider's answer can be used. Problems name the place and the rule that was broken, never the
// value: it may be long, or repeat private text.
import * as v from 'valibot'
import { NOTHING_FOUND } from '../analysis.ts'
import { type Content, type Entry, entrySchema, noteEntrySchema } from './prompt.ts'

export type Found = Omit<Entry, 'index'>
/**
 * What is wrong with the answer about a content. `is_final`: to ask again would be in vain. `is_borrowed`: to ask again
 * beside others may be.
 */
export interface Problem {
  problem: string
  is_final?: true
  is_borrowed?: true
}
export type Outcome = Found | Problem

export const FOUND_NOTHING: Found = { ...NOTHING_FOUND, visual_description: null, visual_tags: [] }

export const isProblem = (outcome: object): outcome is Problem => 'problem' in outcome

const MOST_NAMES = 10
const MOST_SUBCATEGORIES = 4
const MOST_VISUAL_TAGS = 10
const LONGEST_TOPIC = 200
const LONGEST_NAME = 80
const LONGEST_DESCRIPTION = 600

const completionSchema = v.object({
  choices: v.pipe(
    v.array(
      v.object({
        finish_reason: v.nullish(v.string()),
        message: v.object({ content: v.nullish(v.string()), refusal: v.nullish(v.string()) }),
      }),
    ),
    v.minLength(1),
  ),
})
const answerSchema = v.strictObject({ analyses: v.array(v.unknown()) })

/** The JSON that a chat completion says, undefined where it says something else. */
export function readMessage(completion: unknown): { answer: unknown } | Problem {
  const read = v.safeParse(completionSchema, completion)
  if (!read.success) return { problem: 'it is no chat completion' }
  const { finish_reason, message } = read.output.choices[0]!
  if (message.refusal) return { problem: 'it is a refusal' }
  if (finish_reason === 'length') return { problem: 'it is cut off' }
  if (finish_reason === 'content_filter') return { problem: 'it is filtered' }
  return { answer: parse(message.content) }
}

/** One outcome a content, in order. An answer that can't be read at all is the same problem for every content. */
export function readAnswer(completion: unknown, contents: Content[]): Outcome[] {
  const read = readMessage(completion)
  if (isProblem(read)) return contents.map(() => read)
  const answer = v.safeParse(answerSchema, read.answer)
  if (!answer.success) return contents.map(() => ({ problem: 'it is not JSON of the schema' }))
  const entries = answer.output.analyses
  return contents.map((content, index) => {
    const about = entries.filter(entry => (entry as Entry | null)?.index === index)
    if (about.length !== 1)
      return { problem: about.length === 0 ? 'it has no entry' : 'it has several entries' }
    return content.isNote ? readNoteEntry(about[0]) : readEntry(about[0], content.picture !== undefined)
  })
}

/** Whatever else is said of a note is not read. */
function readNoteEntry(entry: unknown): Outcome {
  const read = v.safeParse(v.object(noteEntrySchema.entries), entry)
  if (!read.success) return problemOf(noteEntrySchema, read.issues[0])
  const { category_high, intent } = read.output
  return { ...FOUND_NOTHING, category_high, intent }
}

function problemOf(
  { entries }: typeof entrySchema | typeof noteEntrySchema,
  issue: v.BaseIssue<unknown>,
): Problem {
  // A key that does not belong there was made up by the provider: only our own are repeated.
  const path = v.getDotPath(issue)?.split('.')[0] ?? ''
  const isOurs = Object.hasOwn(entries, path) && issue.expected !== 'never'
  return { problem: isOurs ? `${path} must be ${issue.expected}` : 'it has keys of its own' }
}

function readEntry(entry: unknown, hasPicture: boolean): Outcome {
  const read = v.safeParse(entrySchema, entry)
  if (!read.success) return problemOf(entrySchema, read.issues[0])
  const { index: _, ...found } = read.output
  const topic_main = plain(found.topic_main)
  if (topic_main === '' || topic_main.length > LONGEST_TOPIC) {
    return { problem: `topic_main must have 1 to ${LONGEST_TOPIC} characters` }
  }
  const seen = found.visual_description ? plain(found.visual_description).slice(0, LONGEST_DESCRIPTION) : ''
  return {
    ...found,
    topic_main,
    subcategories: names(found.subcategories, MOST_SUBCATEGORIES),
    locations: names(found.locations, MOST_NAMES),
    entities: names(found.entities, MOST_NAMES),
    // Nobody can see what was not shown.
    visual_description: hasPicture && seen ? seen.toWellFormed() : null,
    visual_tags: hasPicture ? names(found.visual_tags, MOST_VISUAL_TAGS) : [],
  }
}

const names = (all: string[], most: number): string[] =>
  [...new Set(all.map(plain))].filter(name => name !== '' && name.length <= LONGEST_NAME).slice(0, most)

/** Postgres keeps neither NUL nor half a surrogate pair. */
export const plain = (text: string): string =>
  text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .toWellFormed()

function parse(content: string | null | undefined): unknown {
  try {
    return JSON.parse(content ?? '')
  } catch {
    return undefined
  }
}
