// Which languages the groups of a library are in.
import { type TellingWords, tellingWords } from './function-words.ts'

/** So many members of a group tell it: the rest would only cost time. */
const MOST_READ = 12
/** Names and loan words look foreign in no more than a quarter of English titles; function words in most others. */
const FOREIGN_SHARE = 0.3
/** A language of fewer is the detector's mistake, or a stray. */
const LEAST_SHARE = 0.2
const LEAST_VOTES = 2

/** Fewer words are a name in every language. */
const TELLING_WORDS = 3
const NOT_LATIN = /[^\P{L}\p{Script=Latin}]{2}/u

/**
 * For each group the languages that its titles are in as codes of ISO 639-1, first that of most of them. Where they are
 * too few or too short to tell, or no language has more than half, it is that of the library, which is English when
 * nothing tells. Then those of at least two titles and a fifth of them.
 * @param groups titles, the most telling first
 */
export async function languagesOf(groups: string[][]): Promise<[string, ...string[]][]> {
  const words = tellingWords()
  const read = groups.map(titles => {
    const some = titles.slice(0, MOST_READ)
    const foreign = some.filter(title => isForeign(title, words)).length
    const english = some.filter(title => isEnglish(title, words)).length
    return { some, english, isForeign: foreign > FOREIGN_SHARE * some.length }
  })
  // The detector takes half a second to load, and 45 MB: a library in English goes without.
  if (!read.some(group => group.isForeign)) return groups.map(() => ['en'])
  const { eld } = await import('eld/extrasmall')

  // A short title is near to several languages; all together are nearest to their own.
  const library = new Map<string, number>()
  const votes = read.map(({ some, english, isForeign }) => {
    const counts = new Map<string, number>()
    if (!isForeign && english > 0) add(counts, 'en', some.length)
    if (!isForeign) add(library, 'en', english)
    for (const title of isForeign ? some.filter(isTelling) : []) {
      const found = eld.detect(title.normalize('NFC'))
      if (!found.isReliable()) continue
      add(counts, found.language, 1)
      for (const [code, score] of Object.entries(found.getScores())) add(library, code, score)
    }
    return counts
  })
  const [ofLibrary = 'en'] = commonestFirst(library)
  return votes.map(counts => {
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
    const least = Math.max(LEAST_VOTES, LEAST_SHARE * total)
    const common = commonestFirst(counts).filter(code => counts.get(code)! >= least)
    const [first] = common
    return [first && counts.get(first)! > total / 2 ? first : ofLibrary, ...common]
  })
}

const isTelling = (title: string) =>
  NOT_LATIN.test(title) || title.split(/\s+/u).filter(word => /\p{L}/u.test(word)).length >= TELLING_WORDS

const isEnglish = (title: string, { english }: TellingWords) => wordsOf(title).some(word => english.has(word))

const isForeign = (title: string, words: TellingWords) =>
  NOT_LATIN.test(title) || (!isEnglish(title, words) && wordsOf(title).some(word => words.foreign.has(word)))

const wordsOf = (title: string): string[] => title.toLowerCase().split(/[^\p{L}\p{M}]+/u)

function add(counts: Map<string, number>, key: string, amount: number): void {
  counts.set(key, (counts.get(key) ?? 0) + amount)
}

const commonestFirst = (counts: Map<string, number>): string[] =>
  [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([code]) => code)
