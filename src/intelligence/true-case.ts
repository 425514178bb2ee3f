// How people write a word: iPhone, NFL, Halloween.
import { STOP_WORDS } from './stop-words.ts'
import { type ClusterDocument, clauses, stem } from './terms.ts'

/**
 * Writes a term key as a title: a single word in the plural when that is common, the words before the last in the
 * singular.
 * @param isFollowed whether another word comes after the key
 */
export type TrueCase = (key: string, isFollowed?: boolean) => string

/** A word used in the plural this often is one that can be counted. */
const PLURAL_SHARE = 0.1

/** A word used in the singular this often is not one like "sports". */
const SINGULAR_SHARE = 0.2

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
    const means = !(isTag && text === text.toLowerCase()) && !isShouted(text)
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
  return (key, isFollowed = false) => {
    const parts = key.split(' ')
    return parts
      .map((word, at) => {
        if (at > 0 && STOP_WORDS.has(word)) return word
        const isLast = at === parts.length - 1 && !isFollowed
        return written(word, words.get(word), !isLast ? 'one' : parts.length === 1 ? 'many' : 'any')
      })
      .join(' ')
  }
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

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

function count(counts: Map<string, number>, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1)
}

function commonest(counts: Map<string, number> | undefined): string | undefined {
  return [...(counts ?? [])].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0]
}
