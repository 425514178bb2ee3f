// The words that say nothing of what a group of saves is about, by the languages that its members are written in.
import stopWordsIso from 'stopwords-iso' with { type: 'json' }
import { KINDS } from '../kinds.ts'
import { EVERYDAY_WORDS } from './everyday-words.ts'
import { BOILERPLATE, STOP_WORDS } from './stop-words.ts'

/** Languages that a short text is easily taken for, or that have no list of their own: their words count as well. */
const NEAR: Readonly<Record<string, string[]>> = {
  be: ['ru', 'uk'],
  bg: ['ru'],
  ca: ['es'],
  cs: ['sk'],
  da: ['no'],
  gl: ['pt', 'es'],
  hr: ['sl'],
  ms: ['id'],
  no: ['da'],
  sk: ['cs'],
  sl: ['hr'],
  sr: ['hr'],
  uk: ['ru'],
}

const LISTS: Readonly<Record<string, string[]>> = stopWordsIso
const made = new Map<string, ReadonlySet<string>>()

/**
 * Words of grammar and of every title, in lower case: the English ones and those of these languages. They may stand
 * inside a phrase, never at its ends.
 * @param languages codes of ISO 639-1
 */
export function functionWords(languages: string[]): ReadonlySet<string> {
  const codes = [...new Set(languages.flatMap(code => [code, ...(NEAR[code] ?? [])]))].filter(
    code => code !== 'en',
  )
  // English has a list of its own, read against many groups: that of stopwords-iso holds "home", "area" and "computer".
  if (codes.length === 0) return STOP_WORDS
  const key = codes.join()
  const words =
    made.get(key) ??
    new Set([
      ...STOP_WORDS,
      ...codes.flatMap(code => [
        ...(LISTS[code] ?? []),
        ...(EVERYDAY_WORDS[code] ?? '').split(/\s+/),
        ...namesOfDates(code),
      ]),
    ])
  made.set(key, words)
  return words
}

/** Words by which English is told from all other languages at once. */
export interface TellingWords {
  /** Function words of English and of no other language. */
  english: ReadonlySet<string>
  /** Function words of the others that English titles do not have. */
  foreign: ReadonlySet<string>
}

export function tellingWords(): TellingWords {
  const { en, ...others } = LISTS
  const foreign = new Set([
    ...Object.values(others).flat(),
    ...Object.values(EVERYDAY_WORDS).flatMap(words => words.split(/\s+/)),
  ])
  const english = new Set(en!.filter(word => STOP_WORDS.has(word) && !foreign.has(word)))
  // "Dog" and "cat" are function words elsewhere.
  for (const words of [en!, STOP_WORDS, BOILERPLATE, KINDS.keys()])
    for (const word of words) foreign.delete(word)
  return { english, foreign }
}

/** Months, as they are called alone and in a date, and days of the week. */
function namesOfDates(code: string): string[] {
  const months = Array.from({ length: 12 }, (_, month) => Date.UTC(2024, month, 1))
  const days = Array.from({ length: 7 }, (_, day) => Date.UTC(2024, 0, 1 + day))
  const named = (part: 'month' | 'weekday', dates: number[], more: Intl.DateTimeFormatOptions = {}) => {
    const format = new Intl.DateTimeFormat(code, { [part]: 'long', ...more, timeZone: 'UTC' })
    return dates.flatMap(date =>
      format.formatToParts(date).flatMap(({ type, value }) => (type === part ? value.toLowerCase() : [])),
    )
  }
  return [...named('month', months), ...named('month', months, { day: 'numeric' }), ...named('weekday', days)]
}
