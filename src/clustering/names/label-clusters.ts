// Names for groups of saves, such as a person would write.

import { loadStyles, type Style } from './label-style.ts'
import { channelOf, rankTerms, type Term } from './rank-terms.ts'
import type { ClusterDocument } from './terms.ts'
import { learnTrueCase } from './true-case.ts'
import { languagesOf } from './words/detect-language.ts'
import { functionWords } from './words/function-words.ts'

export interface ClusterLabel {
  label: string
  /** Up to eight terms, the most telling first; fewer when the members share fewer. */
  keywords: string[]
}

const MOST_KEYWORDS = 8
const MOST_LETTERS = 32
/** A term that speaks for this share of the members, and of the most central half, names the group alone. */
const NAMES_ALONE = 0.5
/** A term of a larger share is no better for it. */
const NAMES_FULLY = 0.75
/** Two terms name it together when each speaks for this share, and the two for as many as one alone must. */
const NAMES_WITH = 0.3
/** A category of a smaller share does not even name a mix. */
const NAMES_MIX = 0.4
const IN_FULL = 0.6

/**
 * A label and keywords for each group: the phrase that half of the members share and other groups do not, else two
 * that are said together ("A & B"), else the members' category ("Learning Mix"). No label that is made equals
 * another one, whatever their case. It is in the language of most members, and names no word of its grammar.
 * @param groups the members' documents, the most central first
 * @param others documents of no group: they tell what is common everywhere
 * @param kept for each group the label that it keeps, if any
 */
export async function labelClusters(
  groups: ClusterDocument[][],
  others: ClusterDocument[] = [],
  kept: (string | undefined)[] = [],
): Promise<ClusterLabel[]> {
  const trueCase = learnTrueCase([...groups.flat(), ...others])
  const used = new Set(kept.flatMap(label => label?.toLowerCase() ?? []))
  const languages = await languagesOf(groups.map(titlesOf))
  const ranked = rankTerms(groups, others, languages.map(functionWords))
  const styleOf = await loadStyles(
    languages.map(([first]) => first),
    trueCase,
  )
  return groups.map((group, at) => {
    const style = styleOf(languages[at]![0], titlesOf(group))
    const label = kept[at] ?? firstFree(labelCandidates(ranked[at]!, group, style), used)
    used.add(label.toLowerCase())
    return { label, keywords: keywordsOf(ranked[at]!, style) }
  })
}

const titlesOf = (group: ClusterDocument[]) =>
  group.flatMap(({ title, topic_main }) => title ?? topic_main ?? [])

/** Labels to choose from, the best first; never empty. */
function labelCandidates(ranked: Term[], group: ClusterDocument[], style: Style): string[] {
  const terms = labelTerms(ranked, group.length, style)
  const alone = terms
    .filter(term => speaksFor(term.members, group.length) >= NAMES_ALONE)
    .flatMap(term => [...terms.filter(other => style.isKindOf(other, term)), term])
    .map(term => style.label(term))
  const [first] = alone
  const labels = [
    channelOf(group) ?? [],
    alone,
    pairsOf(terms, group.length).map(pair => style.label(...pair)),
    first ? `More ${first}` : [],
  ].flat()
  return [...labels.filter(label => [...label].length <= MOST_LETTERS), ...mixesOf(group)]
}

/** The terms that can be a label or half of one, those that are both telling and common first. */
function labelTerms(ranked: Term[], size: number, style: Style): Term[] {
  const common = ranked.filter(term => speaksFor(term.members, size) >= NAMES_WITH)
  const named = common.filter(style.namesSubject).map(term => inFull(term, common))
  const weight = (term: Term) => term.score * Math.min(NAMES_FULLY, speaksFor(term.members, size))
  return [...new Set(named)].sort((a, b) => weight(b) - weight(a))
}

/** The share of the members, or of the central half of them where that is smaller. */
function speaksFor(members: Set<number>, size: number): number {
  const half = Math.ceil(size / 2)
  const central = [...members].filter(member => member < half).length
  return Math.min(members.size / size, central / half)
}

/** Terms that some member says together, and that speak for enough of the group together. */
function pairsOf(terms: Term[], size: number): [Term, Term][] {
  return terms.flatMap((first, at) =>
    terms
      .slice(at + 1)
      .filter(
        other =>
          shareOf(first, other) > 0 &&
          !shareWords(first.key, other.key) &&
          !`${first.key}${other.key}`.includes('&') &&
          speaksFor(new Set([...first.members, ...other.members]), size) >= NAMES_ALONE,
      )
      .map((other): [Term, Term] => [first, other]),
  )
}

/** The phrase that a word is mostly said in: "Taylor Swift" for "Taylor". */
function inFull(term: Term, terms: Term[]): Term {
  const phrase = terms.find(
    other =>
      other.key.split(' ').length > term.key.split(' ').length &&
      ` ${other.key} `.includes(` ${term.key} `) &&
      other.members.size >= IN_FULL * term.members.size,
  )
  return phrase ?? term
}

/** The share of the first term's members that mention the other one too. */
function shareOf(first: Term, other: Term): number {
  return [...first.members].filter(member => other.members.has(member)).length / first.members.size
}

function keywordsOf(ranked: Term[], style: Style): string[] {
  const chosen: Term[] = []
  for (const term of ranked) {
    if (chosen.length === MOST_KEYWORDS) break
    // "Fenty" says nothing beside "Fenty Beauty".
    if (chosen.some(other => shareWords(term.key, other.key))) continue
    if (style.isKeyword(term)) chosen.push(inFull(term, ranked))
  }
  return chosen.map(term => style.label(term))
}

/** Whether two terms have a word in common, or two of one root ("game" and "gaming"). */
function shareWords(a: string, b: string): boolean {
  return a.split(' ').some(one => b.split(' ').some(other => areRelated(one, other)))
}

function areRelated(a: string, b: string): boolean {
  if (a === b) return true
  const root = Math.max(3, Math.min(a.length, b.length) - 1)
  return a.length >= root && b.length >= root && a.slice(0, root) === b.slice(0, root)
}

function firstFree(candidates: string[], used: Set<string>): string {
  const free = candidates.find(label => !used.has(label.toLowerCase()))
  if (free) return free
  const last = candidates.at(-1)!
  let number = 2
  while (used.has(`${last} ${number}`.toLowerCase())) number++
  return `${last} ${number}`
}

/** "Tech Mix", when enough members are Tech. */
function mixesOf(group: ClusterDocument[]): string[] {
  const counts = new Map<string, number>()
  for (const { category_high } of group) {
    if (category_high && category_high !== 'Misc')
      counts.set(category_high, (counts.get(category_high) ?? 0) + 1)
  }
  const [category, count] = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0] ?? ['', 0]
  return count > 0 && count >= NAMES_MIX * group.length
    ? [`${category} Mix`, `More ${category}`]
    : ['Mixed Saves', 'More Saves']
}
