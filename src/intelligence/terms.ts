// The words and phrases of a saved content, as keys that can be counted across contents.
import type { Category } from '../vocabulary.ts'
import { BOILERPLATE, STOP_WORDS } from './stop-words.ts'

/** What is known of one save. */
export interface ClusterDocument {
  title: string | null
  topic_main: string | null
  tags: string[]
  subcategories: string[]
  /** The channel or account that published it. */
  author: string | null
  category_high: Category | null
}

const MOST_WORDS = 3
const MOST_TAGS = 40
const MOST_NAME_WORDS = 6
/** Two of these letters are a word: 料理, 여행. */
const WRITES_SHORT = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u
/** How much a mention says, by where it is: a subcategory is a name already. */
export const SUBCATEGORY = 1
const TEXT = 0.9
const TAG = 0.7

/**
 * The terms of a document, each with the weight of its best mention: its subcategories, and words and phrases of two
 * or three words that neither begin nor end with a stop word, contain no boilerplate, and are not the publisher's name.
 * A key is lower case with plural endings taken off, so that "Trailers" and "trailer" count as one.
 */
export function documentTerms(document: ClusterDocument, keepAuthor = false): Map<string, number> {
  const terms = new Map<string, number>()
  const isAuthor = authorTest(keepAuthor ? null : document.author)
  const add = (key: string, weight: number) => terms.set(key, Math.max(terms.get(key) ?? 0, weight))
  const addPhrases = (text: string, weight: number) => {
    for (const words of clauses(text).flatMap(clause => withoutAuthor(clause, isAuthor))) {
      for (const phrase of phrases(words)) add(keyOf(phrase), weight)
    }
  }
  addPhrases(document.title ?? '', TEXT)
  addPhrases(document.topic_main ?? '', TEXT)
  for (const tag of document.tags.slice(0, MOST_TAGS)) addPhrases(tag, TAG)
  for (const subcategory of document.subcategories) {
    const key = clauses(subcategory).map(keyOf).join(' & ')
    if (key !== '') add(key, SUBCATEGORY)
  }
  return terms
}

const keyOf = (phrase: string[]) => phrase.map(stem).join(' ')

/** A text's words, in pieces between punctuation: no phrase reaches across a comma or a bar. */
export function clauses(text: string): string[][] {
  return (
    text
      .normalize('NFKC')
      .replace(/https?:\/\/\S+/g, ' | ')
      .replace(/[’‘`]/g, "'")
      // An initial ends no clause, and "time lapse" is one word whose first half says nothing by itself.
      .replace(/(?<=\s\p{Lu})\.(?=\s\p{Lu})/gu, '')
      .replace(/\b(time)[\s-]lapse/gi, '$1lapse')
      .split(/[^\p{L}\p{N}\p{M}'&\s-]+|\s[-–—&]+\s|--+/u)
      .map(piece =>
        piece
          .split(/[\s-]+/)
          .map(word => word.replace(/'s$|'$|^'/gi, '').replace(/^&+|&+$/g, ''))
          .filter(Boolean),
      )
      .filter(words => words.length > 0)
  )
}

/** Lower case without the ending of a plural, as Porter's stemmer takes it off: "movi" for movie and movies. */
export function stem(word: string): string {
  const lower = word.toLowerCase()
  if (lower.length < 4 || lower === 'news') return lower
  if (/(ss|sh|ch|x)es$/.test(lower)) return lower.slice(0, -2)
  const singular = /[^suia]s$/.test(lower) ? lower.slice(0, -1) : lower
  return singular.length > 4 ? singular.replace(/ie$|(?<=[^aeiou])y$/, 'i') : singular
}

function phrases(words: string[]): string[][] {
  const found: string[][] = []
  for (let start = 0; start < words.length; start++) {
    for (let length = 1; length <= MOST_WORDS && start + length <= words.length; length++) {
      const phrase = words.slice(start, start + length)
      if (isTerm(phrase)) found.push(phrase)
    }
  }
  return found
}

function isTerm(phrase: string[]): boolean {
  const lower = phrase.map(word => word.toLowerCase())
  const says = (word: string) => !STOP_WORDS.has(word) && !STOP_WORDS.has(word.replace(/'.*$/, ''))
  if (!says(lower[0]!) || !says(lower.at(-1)!)) return false
  if (lower.some(word => BOILERPLATE.has(word) || BOILERPLATE.has(stem(word)))) return false
  if (phrase.some(looksLikeId)) return false
  if (lower.length > 1 && /^\d/.test(lower[0]!)) return false
  if (lower.some(word => /^(19|20)\d\d$/.test(word))) return false
  if (new Set(lower.map(stem)).size < lower.length) return false
  if (lower.length > 1) return true
  return /\p{L}/u.test(lower[0]!) && [...lower[0]!].length > (WRITES_SHORT.test(lower[0]!) ? 1 : 2)
}

/** A video id, a hash or a code: long, with digits among the letters or capitals in the middle of it. */
function looksLikeId(word: string): boolean {
  if (word.length > 24) return true
  if (word.length < 8) return false
  return /\p{L}.*\d|\d.*\p{L}/u.test(word) || (word.match(/\p{Ll}\p{Lu}/gu)?.length ?? 0) > 2
}

/** The pieces of a clause around the author's name: parts of the name are no topic either. */
function withoutAuthor(clause: string[], isAuthor: (phrase: string[]) => boolean): string[][] {
  for (let start = 0; start < clause.length; start++) {
    for (let end = Math.min(clause.length, start + MOST_NAME_WORDS); end > start; end--) {
      if (!isAuthor(clause.slice(start, end))) continue
      return [clause.slice(0, start), ...withoutAuthor(clause.slice(end), isAuthor)]
    }
  }
  return [clause]
}

/** Tells whether a phrase is the author's name or most of it ("Seth Meyers" of "Late Night with Seth Meyers"). */
function authorTest(author: string | null): (phrase: string[]) => boolean {
  const name = clauses(author ?? '')
    .flat()
    .map(word => word.toLowerCase())
    .filter(word => !STOP_WORDS.has(word) && !BOILERPLATE.has(word))
    .join('')
  if (name === '') return () => false
  return phrase => {
    const said = phrase
      .map(word => word.toLowerCase())
      .filter(word => !STOP_WORDS.has(word))
      .join('')
    return name.includes(said) && said.length >= name.length / 2
  }
}
