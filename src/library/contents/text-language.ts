/** So much tells the language; the rest would only cost time. */
const MOST_READ = 500
/** Fewer words are a name in every language; letters of another script than Latin tell more. */
const TELLING_WORDS = 3
const NOT_LATIN = /[^\P{L}\p{Script=Latin}]{2}/u

/**
 * The language that a text is in, as a code of ISO 639-1; null where its words do not tell. The detector is loaded at the
 * first text: it takes half a second and 45 MB, which a process that reads no links goes without.
 */
export async function textLanguage(text: string): Promise<string | null> {
  const read = text.slice(0, MOST_READ).normalize('NFC')
  if (!isTelling(read)) return null
  const { eld } = await import('eld/extrasmall')
  const found = eld.detect(read)
  return found.isReliable() ? found.language : null
}

const isTelling = (text: string) =>
  NOT_LATIN.test(text) || text.split(/\s+/u).filter(word => /\p{L}/u.test(word)).length >= TELLING_WORDS
