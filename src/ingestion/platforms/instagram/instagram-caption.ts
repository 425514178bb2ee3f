// Instagram packs author, date and caption into two sentences; this takes them apart.
const TITLE_LENGTH = 100
const SHORTEST_SENTENCE = 20
// Keeps the search for a sentence's end cheap, whatever the caption.
const LOOKED_AT = 500
// Instagram allows 2,200 characters and 30 tags.
const LONGEST = 20_000
const MOST_TAGS = 100

// `Rosa Alves on Instagram: "Flat white in Lisbon"`, or `Rosa Alves (@rosa) on Instagram`
const OG_TITLE = /^(.+?)(?: \(@([\w.]+)\))? on Instagram(?:: (.*))?$/s
// `1,204 likes, 3 comments - rosa on January 1, 2024: "Flat white in Lisbon". `, with or without the counts
const OG_DESCRIPTION = /^(?:[^-]{0,60} - )?([\w.]{1,30}) on ([A-Z][a-z]+ \d{1,2}, \d{4})(?:: (.*))?$/s

export interface Post {
  caption: string | null
  /** The account's name (`rosa`), or the name shown when only that is known. */
  author: string | null
  /** The page tells the day alone: this is its first moment in UTC. */
  published_at: string | null
}

/** Reads `og:title` and `og:description`. All null when they are not a post's, as on a login page. */
export function readCaption(ogTitle: string, ogDescription: string): Post {
  const title = OG_TITLE.exec(ogTitle.trim().slice(0, LONGEST))
  const description = OG_DESCRIPTION.exec(ogDescription.trim().slice(0, LONGEST))
  const captions = [title?.[3], description?.[3]].map(unquote)
  // Either may be cut short.
  const longest = captions.reduce((a, b) => (b.length > a.length ? b : a))
  const day = Date.parse(`${description?.[2] ?? ''} UTC`)
  return {
    caption: longest || null,
    author: description?.[1] ?? title?.[2] ?? title?.[1] ?? null,
    published_at: Number.isNaN(day) ? null : new Date(day).toISOString(),
  }
}

function unquote(text = ''): string {
  const inner = /^["“](.*)["”]\.?\s*$/s.exec(text.trim())
  return (inner ? inner[1]! : text).trim()
}

/**
 * A caption's first sentence, at most 100 characters, cut between words.
 * @returns null when no line of it has a letter or digit
 */
export function titleFromCaption(caption: string): string | null {
  const line = caption
    .slice(0, LONGEST)
    .split('\n')
    .find(part => /[\p{L}\p{N}]/u.test(part))
    ?.slice(0, LOOKED_AT)
    .replace(/\s+/g, ' ')
    .trim()
  if (!line) return null
  const end = new RegExp(`^.{${SHORTEST_SENTENCE},}?(?:[.!?…]+(?=\\s)|[。！？])`, 'u')
  const sentence = end.exec(line)?.[0] ?? line
  if (sentence.length <= TITLE_LENGTH) return sentence
  const start = sentence.slice(0, TITLE_LENGTH - 1)
  const space = start.lastIndexOf(' ')
  return `${(space > 0 ? start.slice(0, space) : start).replace(/[\s,;:–-]+$/, '')}…`
}

/** The words after `#` in a caption, a hundred at most. */
export function hashtags(caption: string): string[] {
  const tags = caption.slice(0, LONGEST).matchAll(/#([\p{L}\p{N}_]+)/gu)
  return Array.from(tags.take(MOST_TAGS), match => match[1]!)
}
