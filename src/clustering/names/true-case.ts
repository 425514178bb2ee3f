// How people write a word: iPhone, NFL, Halloween.

import { type ClusterDocument, clauses, stem } from './terms.ts'
import { isUnspaced } from './words/split-words.ts'
import { STOP_WORDS } from './words/stop-words.ts'

/** Writes term keys. */
export interface TrueCase {
  /**
   * As an English title: a single word in the plural when that is common, the words before the last in the singular.
   * @param isFollowed whether another word comes after the key
   */
  title(key: string, isFollowed?: boolean): string
  /**
   * As it is mostly written, in the case that it has inside a sentence: other languages have other plurals, and most
   * write no titles in capitals.
   * @param language its code of ISO 639-1
   */
  asWritten(key: string, language: string): string
}

/** A word used in the plural this often is one that can be counted. */
const PLURAL_SHARE = 0.1

/** A word used in the singular this often is not one like "sports". */
const SINGULAR_SHARE = 0.2

/**
 * How often a word was written in each way; `spoken` counts only places whose capitals mean something, and `inside` only
 * those of them that begin no clause.
 */
interface Forms {
  all: Map<string, number>
  spoken: Map<string, number>
  inside: Map<string, number>
}

/**
 * Learns from titles, topics and tags how each word is written.
 * A title in capitals says nothing about capitals, nor does a tag in small letters.
 */
export function learnTrueCase(documents: ClusterDocument[]): TrueCase {
  const words = new Map<string, Forms>()
  const learn = (text: string, isTag: boolean) => {
    const means = !(isTag && text === text.toLowerCase()) && !isShouted(text)
    for (const clause of clauses(text)) {
      for (const [at, word] of clause.entries()) {
        const key = stem(word)
        const forms = words.get(key) ?? { all: new Map(), spoken: new Map(), inside: new Map() }
        words.set(key, forms)
        count(forms.all, word.toLowerCase())
        if (means) count(forms.spoken, word)
        if (means && at > 0) count(forms.inside, word)
      }
    }
  }
  for (const document of documents) {
    learn(document.title ?? '', false)
    learn(document.topic_main ?? '', false)
    for (const tag of [...document.tags, ...document.subcategories]) learn(tag, true)
  }
  return {
    title: (key, isFollowed = false) => {
      const parts = key.split(' ')
      return parts
        .map((word, at) => {
          if (at > 0 && STOP_WORDS.has(word)) return word
          const isLast = at === parts.length - 1 && !isFollowed
          return written(word, words.get(word), !isLast ? 'one' : parts.length === 1 ? 'many' : 'any')
        })
        .join(' ')
    },
    asWritten: (key, language) =>
      key
        .split(' ')
        .map(word => writtenInside(word, words.get(word), language))
        .reduce(
          (said, word) => said + (isUnspaced(said.at(-1)!) && isUnspaced(word.at(0)!) ? '' : ' ') + word,
        ),
  }
}

/** The commonest spelling, with the capitals that it mostly has inside a clause, or else at the beginning of one. */
function writtenInside(key: string, forms: Forms | undefined, language: string): string {
  const spelling = commonest(forms?.all) ?? key
  const spelled = (counts: Map<string, number> | undefined) =>
    commonest(new Map([...(counts ?? [])].filter(([form]) => form.toLowerCase() === spelling)))
  const shouted = language === 'de' ? capitalise(spelling) : spelling
  return spelled(forms?.inside) ?? spelled(forms?.spoken) ?? shouted
}

/** The commonest spelling decides the ending, the commonest form of that spelling the capitals. */
function written(key: string, forms: Forms | undefined, number: 'one' | 'many' | 'any'): string {
  const chosen =
    number === 'many' ? pluralOf(forms?.all) : number === 'one' ? singularOf(forms?.all) : undefined
  const spelling = chosen ?? commonest(forms?.all) ?? key
  const spoken = new Map([...(forms?.spoken ?? [])].filter(([form]) => form.toLowerCase() === spelling))
  const form = commonest(spoken)
  if (!form) return isAbbreviation(spelling) ? spelling.toUpperCase() : capitalise(spelling)
  if (form !== form.toUpperCase()) return capitaliseUnlessMixed(form)
  // Capitals are an abbreviation only when hardly anybody writes the word without them.
  const others = [...spoken].reduce((sum, [other, times]) => sum + (other === form ? 0 : times), 0)
  const isWord = [...form].length > 4 || others * 4 >= spoken.get(form)!
  return isWord && /\p{L}{2}/u.test(form) ? capitalise(spelling) : form
}

/** The plural, when people use it: a group is called "Cars" though most titles are about one car. */
function pluralOf(counts: Map<string, number> | undefined): string | undefined {
  const uses = [...(counts ?? [])]
  const total = uses.reduce((sum, [, times]) => sum + times, 0)
  return uses.find(([form, times]) => form.endsWith('s') && times >= PLURAL_SHARE * total && times > 1)?.[0]
}

/** The singular, when people use it: "Movie Trailers", though most titles say "movies". */
function singularOf(counts: Map<string, number> | undefined): string | undefined {
  const uses = [...(counts ?? [])]
  const total = uses.reduce((sum, [, times]) => sum + times, 0)
  const singular = uses.filter(([form, times]) => !form.endsWith('s') && times >= SINGULAR_SHARE * total)
  return commonest(new Map(singular))
}

function isShouted(text: string): boolean {
  const letters = text.replace(/[^\p{L}]/gu, '').length
  const capitals = text.replace(/[^\p{Lu}]/gu, '').length
  return letters > 5 && capitals > 0.6 * letters
}

function isAbbreviation(word: string): boolean {
  return /^[bcdfghjklmnpqrstvwxz]{2,4}$/.test(word)
}

function capitaliseUnlessMixed(form: string): string {
  return form === form.toLowerCase() ? capitalise(form) : form
}

/** @param language tells how: Turkish has a dot above its capital I */
export function capitalise(word: string, language = 'en'): string {
  const first = String.fromCodePoint(word.codePointAt(0)!)
  return first.toLocaleUpperCase(language) + word.slice(first.length)
}

function count(counts: Map<string, number>, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1)
}

function commonest(counts: Map<string, number> | undefined): string | undefined {
  return [...(counts ?? [])].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0]
}
