// The words and phrases of a saved content, as keys that can be counted across contents.
import type { Category } from '../../vocabulary.ts'
import { splitWords } from './words/split-words.ts'
import { BOILERPLATE, STOP_WORDS } from './words/stop-words.ts'

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
/** The analyser names those that come near, the nearest first: the fourth is seldom what people would say. */
const MOST_SUBCATEGORIES = 3
const MOST_NAME_WORDS = 6
/** Two of these letters are a word: 料理, 여행. */
const WRITES_SHORT = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u
/** How much a mention says, by where it is: a subcategory is a name already. */
export const SUBCATEGORY = 1
const TEXT = 0.9
const TAG = 0.7

/**
 * The terms of a document, each with the weight of its best mention: its first subcategories, and words and phrases of two
 * or three words that neither begin nor end with a stop word, contain no boilerplate, and are not the publisher's name.
 * A key is lower case with plural endings taken off, so that "Trailers" and "trailer" count as one.
 * @param readWord as `wordReader` makes it
 */
export function documentTerms(
  document: ClusterDocument,
  readWord: (word: string) => Word,
  keepAuthor = false,
): Map<string, number> {
  const terms = new Map<string, number>()
  const author = keepAuthor ? '' : nameOf(document.author)
  const add = (key: string, weight: number) => terms.set(key, Math.max(terms.get(key) ?? 0, weight))
  const addPhrases = (text: string, weight: number) => {
    for (const clause of clauses(text)) {
      for (const words of withoutAuthor(clause.map(readWord), author)) {
        for (const key of phraseKeys(words)) add(key, weight)
      }
    }
  }
  addPhrases(document.title ?? '', TEXT)
  addPhrases(document.topic_main ?? '', TEXT)
  for (const tag of document.tags.slice(0, MOST_TAGS)) addPhrases(tag, TAG)
  for (const subcategory of document.subcategories.slice(0, MOST_SUBCATEGORIES)) {
    const key = clauses(subcategory)
      .map(words => words.map(stem).join(' '))
      .join(' & ')
    if (key !== '') add(key, SUBCATEGORY)
  }
  return terms
}

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
        splitWords(piece)
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

/** A word, and what it can be part of. */
export interface Word {
  lower: string
  stem: string
  /** Neither begins nor ends a term. */
  isStop: boolean
  /** Is part of none: boilerplate, a year, or what looks like an id. */
  isBarred: boolean
  /** Is a term by itself. */
  standsAlone: boolean
  /** Begins no phrase. */
  isNumber: boolean
}

/**
 * Reads words, each once.
 * @param stopWords neither begin nor end a term
 */
export function wordReader(stopWords: ReadonlySet<string>): (word: string) => Word {
  const known = new Map<string, Word>()
  return word => {
    const read = known.get(word) ?? readWord(word, stopWords)
    known.set(word, read)
    return read
  }
}

function readWord(word: string, stopWords: ReadonlySet<string>): Word {
  // Lower case leaves a dot above behind a Turkish capital.
  const lower = word.toLowerCase().replace('i\u0307', 'i')
  const root = stem(word)
  return {
    lower,
    stem: root,
    isStop: stopWords.has(lower) || stopWords.has(lower.replace(/'.*$/, '')),
    isBarred:
      BOILERPLATE.has(lower) || BOILERPLATE.has(root) || /^(19|20)\d\d$/.test(lower) || looksLikeId(word),
    standsAlone: /\p{L}/u.test(lower) && [...lower].length > (WRITES_SHORT.test(lower) ? 1 : 2),
    isNumber: /^\d/.test(lower),
  }
}

/** The keys of the words and phrases that are terms. */
function phraseKeys(words: Word[]): string[] {
  const keys: string[] = []
  words.forEach((first, start) => {
    if (first.isStop) return
    let key = ''
    for (const [at, word] of words.slice(start, start + MOST_WORDS).entries()) {
      const isRepeated = words.slice(start, start + at).some(before => before.stem === word.stem)
      if (word.isBarred || isRepeated) return
      key = at === 0 ? word.stem : `${key} ${word.stem}`
      if (at === 0 ? word.standsAlone : !word.isStop && !first.isNumber) keys.push(key)
    }
  })
  return keys
}

/** A video id, a hash or a code: long, with digits among the letters or capitals in the middle of it. */
function looksLikeId(word: string): boolean {
  if (word.length > 24) return true
  if (word.length < 8) return false
  return /\p{L}.*\d|\d.*\p{L}/u.test(word) || (word.match(/\p{Ll}\p{Lu}/gu)?.length ?? 0) > 2
}

/** A publisher's name in one piece, without words that say nothing. */
function nameOf(author: string | null): string {
  return clauses(author ?? '')
    .flat()
    .map(word => word.toLowerCase())
    .filter(word => !STOP_WORDS.has(word) && !BOILERPLATE.has(word))
    .join('')
}

/**
 * The pieces of a clause around the author's name or most of it ("Seth Meyers" of "Late Night with Seth Meyers"): parts
 * of the name are no topic either.
 * @param author as `nameOf` gives it; empty for none
 */
function withoutAuthor(clause: Word[], author: string): Word[][] {
  if (author === '') return [clause]
  for (let start = 0; start < clause.length; start++) {
    let said = ''
    let end = -1
    for (let at = start; at < Math.min(clause.length, start + MOST_NAME_WORDS); at++) {
      const { lower } = clause[at]!
      if (!STOP_WORDS.has(lower)) said += lower
      if (!author.includes(said)) break
      if (said.length >= author.length / 2) end = at + 1
    }
    if (end > 0) return [clause.slice(0, start), ...withoutAuthor(clause.slice(end), author)]
  }
  return [clause]
}
