// Every platform's findings go through here, so that what is stored is clean whoever wrote it.

import type { Metadata } from '../../library/contents/metadata.ts'
import { firstInstant } from './pages/parse-instant.ts'

const LONGEST = {
  title: 500,
  text: 10_000,
  transcript: 20_000,
  author: 200,
  tag: 100,
  url: 2048,
}
const MOST_TAGS = 50
const MOST_SECONDS = 2 ** 31 - 1
// C0 and C1 controls but tab and line feed. Postgres refuses NUL and lone surrogates; nobody misses the rest.
// biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point.
const UNSTORABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|\p{Cs}/gu
const LANGUAGE = /^[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}$/i

export type Found = Pick<Metadata, 'metadata_source'> &
  Partial<Omit<Metadata, 'metadata_source' | 'metadata_quality'>>

/** How many times its own length of a text is looked at: blanks may go, but not without end. */
const LOOKED_AT = 10

/** Cleans, caps and rates what was found. What is missing, empty or unusable becomes null. */
export function makeMetadata(found: Found): Metadata {
  const metadata = {
    title: cleanLine(found.title, LONGEST.title),
    caption: cleanText(found.caption, LONGEST.text),
    description: cleanText(found.description, LONGEST.text),
    transcript: cleanText(found.transcript, LONGEST.transcript),
    author: cleanLine(found.author, LONGEST.author),
    tags: cleanTags(found.tags ?? []),
    thumbnail_url: webAddress(found.thumbnail_url),
    duration_seconds: wholeSeconds(found.duration_seconds),
    language: found.language && LANGUAGE.test(found.language) ? found.language : null,
    published_at: firstInstant([found.published_at]),
    metadata_source: found.metadata_source,
  }
  return { ...metadata, metadata_quality: quality(metadata) }
}

/** One line: all white space collapsed to single spaces. Null when nothing is left. */
export function cleanLine(value: string | null | undefined, longest: number): string | null {
  return cut(beginningOf(value, longest).replace(/\s+/g, ' '), longest)
}

/** Lines and paragraphs stay, runs of spaces and of empty lines do not. Null when nothing is left. */
export function cleanText(value: string | null | undefined, longest: number): string | null {
  const lines = beginningOf(value, longest)
    .replace(/\r\n?/g, '\n')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
  return cut(lines, longest)
}

const beginningOf = (value: string | null | undefined, longest: number): string =>
  (value ?? '').trimStart().slice(0, longest * LOOKED_AT)

// Cutting can leave half of a surrogate pair, so what cannot be stored is removed after it, too.
function cut(text: string, longest: number): string | null {
  const kept = text.replace(UNSTORABLE, '').trim().slice(0, longest).replace(UNSTORABLE, '').trimEnd()
  return kept === '' ? null : kept
}

function cleanTags(tags: string[]): string[] {
  const kept = new Map<string, string>()
  for (const tag of tags) {
    const clean = cleanLine(tag, LONGEST.tag)
    if (clean && !kept.has(clean.toLowerCase())) kept.set(clean.toLowerCase(), clean)
    if (kept.size === MOST_TAGS) break
  }
  return [...kept.values()]
}

function webAddress(value: string | null | undefined): string | null {
  if (!value || value.length > LONGEST.url * LOOKED_AT) return null
  const url = URL.parse(value)
  const usable = url && /^https?:$/.test(url.protocol) && url.href.length <= LONGEST.url
  return usable ? url.href : null
}

/** A live stream reports a length of 0, which is no length. */
function wholeSeconds(value: number | null | undefined): number | null {
  const seconds = Math.round(value ?? 0)
  return seconds > 0 && seconds <= MOST_SECONDS ? seconds : null
}

function quality(found: Omit<Metadata, 'metadata_quality'>): Metadata['metadata_quality'] {
  const text = found.description ?? found.caption ?? found.transcript
  if (found.title && text && found.author && found.thumbnail_url) return 'full'
  return found.title && (text || found.tags.length > 0) ? 'partial' : 'minimal'
}
