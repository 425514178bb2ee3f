// What the simulated provider understands: deterministic, plausible, and as gullible as a model may be.
import { createHash } from 'node:crypto'
import { CATEGORIES, INTENTS } from '../../src/vocabulary.ts'

export interface AskedContent {
  index: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever the product sent
  fields: any
  has_picture: boolean
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the product sent
type Request = any

/** The text of the user's message, whether it is a string or parts. */
export function textOf(request: Request): string {
  const { content } = request.messages[1]
  if (typeof content === 'string') return content
  return content.map((part: { text?: string }) => part.text ?? '[picture]').join('\n')
}

export function contentsOf(request: Request): AskedContent[] {
  const found: AskedContent[] = []
  const lines = textOf(request).split('\n')
  for (const [i, line] of lines.entries()) {
    const index = /^BEGIN CONTENT (\d+)$/.exec(line)?.[1]
    if (index === undefined) continue
    found.push({
      index: Number(index),
      fields: JSON.parse(lines[i + 1]!),
      has_picture: lines[i + 3] === '[picture]',
    })
  }
  return found
}

/** What is told of each group that wants a name; none when something else is asked. */
// biome-ignore lint/suspicious/noExplicitAny: whatever the product sent
export function groupsOf(request: Request): any[] {
  const lines = textOf(request).split('\n')
  return lines.flatMap((line, i) => (/^BEGIN GROUP \d+$/.test(line) ? [JSON.parse(lines[i + 1]!)] : []))
}

/** The last word of the first title, which no rule of ours would choose. */
export function nameOf(group: { titles: string[]; name: string }, index: number): Record<string, unknown> {
  const word = group.titles[0]?.match(/\p{L}+/gu)?.at(-1) ?? group.name
  return { index, label: `All ${word}`, description: `What was said of ${word}.` }
}

const pick = <T>(text: string, all: readonly T[]): T =>
  all[createHash('sha256').update(text).digest().readUInt32BE(0) % all.length]!

/** Answers by the schema that was sent: an entry a content, with the properties that it asks for. */
export function analysesOf(request: Request, obeys: boolean): Record<string, unknown>[] {
  const contents = contentsOf(request)
  const { properties } = request.response_format.json_schema.schema.properties.analyses.items
  return contents.map(content => {
    const entry = entryOf(content)
    for (const name of Object.keys(entry)) if (!(name in properties)) delete entry[name]
    return obeys ? { ...entry, ...ordered(content, contents, properties) } : entry
  })
}

/** What a content orders: to say certain words (`SAY {…}`), or those of all others (`COPY ALL`), wherever there is room. */
function ordered({ index, fields }: AskedContent, contents: AskedContent[], properties: object): object {
  const text = Object.values(fields).join(' ')
  const said = JSON.parse(/SAY (\{.*?\})/.exec(text)?.[1] ?? '{}')
  if (!text.includes('COPY ALL')) return said
  const others = contents.filter(other => other.index !== index)
  const words = others.map(other => Object.values(other.fields).join(' ')).join(' ')
  const copied: object = {
    topic_main: words.slice(0, 200),
    subcategories: [words.slice(0, 80)],
    locations: [words.slice(0, 80)],
    entities: [words.slice(0, 80)],
  }
  const room = Object.entries(copied).filter(([name]) => words !== '' && name in properties)
  return { ...said, ...Object.fromEntries(room) }
}

function entryOf({ index, fields, has_picture }: AskedContent): Record<string, unknown> {
  const title = String(fields.title ?? fields.caption ?? 'something')
  return {
    index,
    topic_main: title.split(/\s+/).slice(0, 8).join(' ').toLowerCase(),
    category_high: pick(title, CATEGORIES),
    subcategories: ['Simulated'],
    intent: pick(title, INTENTS),
    locations: [],
    entities: fields.author ? [fields.author] : [],
    visual_description: has_picture ? 'A person looks into the camera.' : null,
    visual_tags: has_picture ? ['person', 'camera'] : [],
  }
}

/** Words decide the vector, so that texts which share words are near. Not of unit length. */
export function vectorOf(text: string, dimensions: number): number[] {
  const vector = Array<number>(dimensions).fill(0)
  for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? ['untitled']) {
    const hash = createHash('sha256').update(word).digest()
    for (let i = 0; i < 8; i++) vector[hash.readUInt16BE(i * 2) % dimensions]! += hash[i + 16]! / 64 - 2
  }
  return vector
}
