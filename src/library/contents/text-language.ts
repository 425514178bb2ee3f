import { eld } from 'eld/extrasmall'

/** So much tells the language; the rest would only cost time. */
const MOST_READ = 500
/** Three words, or letters of another script than Latin: less is a name in every language. */
const TELLING = /\p{L}.*\s.*\p{L}.*\s.*\p{L}|[^\P{L}\p{Script=Latin}]{2}/u

/** The language that a text is in, as a code of ISO 639-1; null where its words do not tell. */
export function textLanguage(text: string): string | null {
  const read = text.slice(0, MOST_READ).normalize('NFC')
  if (!TELLING.test(read)) return null
  const found = eld.detect(read)
  return found.isReliable() ? found.language : null
}
