// Which terms tell a group from the others.

import { type ClusterDocument, documentTerms, SUBCATEGORY, wordReader } from './terms.ts'
import { STOP_WORDS } from './words/stop-words.ts'

export interface Term {
  key: string
  score: number
  /** The members that mention it, by their places in the group. */
  members: Set<number>
  isSubcategory: boolean
}

/** A phrase says more than a word, though fewer members have it. */
const PHRASE_BONUS = [0, 1, 1.5, 1.5]
const CHANNEL_SHARE = 0.6

/**
 * Ranks each group's terms by class-based TF-IDF (Grootendorst 2022), the best first: how common a term is in the
 * group × log(1 + group size / mentions anywhere). Ten uploads of one channel count little more than one,
 * since what they share is most often the channel's boilerplate.
 * @param others documents of no group: they tell what is common everywhere
 * @param stopWords for each group the words that neither begin nor end its terms
 */
export function rankTerms(
  groups: ClusterDocument[][],
  others: ClusterDocument[],
  stopWords: ReadonlySet<string>[],
): Term[][] {
  const readers = new Map([STOP_WORDS, ...stopWords].map(stops => [stops, wordReader(stops)]))
  const termsOf = groups.map((group, at) => {
    const isChannel = channelOf(group) !== undefined
    return group.map(document => documentTerms(document, readers.get(stopWords[at]!)!, isChannel))
  })
  const mentions = new Map<string, number>()
  const termsOfOthers = others.map(document => documentTerms(document, readers.get(STOP_WORDS)!))
  for (const terms of [...termsOf.flat(), ...termsOfOthers]) {
    for (const key of terms.keys()) mentions.set(key, (mentions.get(key) ?? 0) + 1)
  }
  const meanSize = groups.flat().length / groups.length
  return groups.map((group, at) => {
    const authors = group.map((document, member) => document.author ?? `${member}`)
    const groupWeight = weightOf(authors)
    // A group larger than the mean would else be named by its rarest corner.
    const size = Math.max(meanSize, group.length)
    return termsOfGroup(termsOf[at]!, authors)
      .map(term => {
        const common = term.score / groupWeight
        const rarity = Math.log(1 + size / mentions.get(term.key)!)
        return { ...term, score: common * rarity * (PHRASE_BONUS[term.key.split(' ').length] ?? 1) }
      })
      .sort((a, b) => b.score - a.score || (a.key < b.key ? -1 : 1))
  })
}

/** The author of most members, when there is one. */
export function channelOf(group: ClusterDocument[]): string | undefined {
  const counts = new Map<string, number>()
  for (const { author } of group) if (author) counts.set(author, (counts.get(author) ?? 0) + 1)
  return [...counts].find(([, count]) => count >= CHANNEL_SHARE * group.length)?.[0]
}

/** Terms of at least two members and, when the group has several, two authors. */
function termsOfGroup(documents: Map<string, number>[], authors: string[]): Term[] {
  const found = new Map<string, { members: Set<number>; weight: number; isSubcategory: boolean }>()
  documents.forEach((terms, member) => {
    for (const [key, weight] of terms) {
      const term = found.get(key) ?? { members: new Set<number>(), weight: 0, isSubcategory: false }
      found.set(key, term)
      term.members.add(member)
      term.weight += weight
      term.isSubcategory ||= weight === SUBCATEGORY
    }
  })
  const leastMembers = Math.min(2, documents.length)
  const leastAuthors = Math.min(2, new Set(authors).size)
  return [...found].flatMap(([key, { members, weight, isSubcategory }]) => {
    const by = [...members].map(member => authors[member]!)
    if (members.size < leastMembers || new Set(by).size < leastAuthors) return []
    return [{ key, members, isSubcategory, score: weightOf(by) * (weight / members.size) }]
  })
}

/** The n-th upload of an author adds √n − √(n − 1). */
function weightOf(authors: string[]): number {
  const counts = new Map<string, number>()
  for (const author of authors) counts.set(author, (counts.get(author) ?? 0) + 1)
  return [...counts.values()].reduce((sum, count) => sum + Math.sqrt(count), 0)
}
