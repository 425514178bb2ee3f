// How people write a word: iPhone, NFL, Halloween.
import { STOP_WORDS } from './stop-words.ts'
import { type ClusterDocument, clauses, stem } from './terms.ts'

/** Writes the words of a term key as a title; a single word in the plural when that is common. */
export type TrueCase = (key: string) => string

/** A word used in the plural this often is one that can be counted. */
const PLURAL_SHARE = 0.1

/** How often a word was written in each way; `spoken` counts only places whose capitals mean something. */
interface Forms {
  all: Map<string, number>
  spoken: Map<string, number>
}

/**
 * Learns from titles, topics and tags how each word is written, and writes term keys that way, in Title Case.
 * A title in capitals says nothing about capitals, nor does a tag in small letters.
 */
export function learnTrueCase(documents: ClusterDocument[]): TrueCase {
  const words = new Map<string, Forms>()
  const learn = (text: string, isTag: boolean) => {
    const means = !isShouted(text) && !(isTag && text === text.toLowerCase())
    for (const word of clauses(text).flat()) {
      const key = stem(word)
      const forms = words.get(key) ?? { all: new Map(), spoken: new Map() }
      words.set(key, forms)
      count(forms.all, word.toLowerCase())
      if (means) count(forms.spoken, word)
    }
  }
  for (const document of documents) {
    learn(document.title ?? '', false)
    learn(document.topic_main ?? '', false)
    for (const tag of [...document.tags, ...document.subcategories]) learn(tag, true)
  }
  return key => {
    const parts = key.split(' ')
    return parts
      .map((word, at) => {
        return at > 0 && STOP_WORDS.has(word) ? word : written(word, words.get(word), parts.length === 1)
      })
      .join(' ')
  }
}

/** The commonest spelling decides the ending, the commonest form of that spelling the capitals. */
function written(key: string, forms: Forms | undefined, asGroup: boolean): string {
  const spelling = (asGroup ? pluralOf(forms?.all) : undefined) ?? commonest(forms?.all) ?? key
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

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

function count(counts: Map<string, number>, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1)
}

function commonest(counts: Map<string, number> | undefined): string | undefined {
  return [...(counts ?? [])].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0]
}
