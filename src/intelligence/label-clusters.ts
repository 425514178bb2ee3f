// Names for groups of saves, such as a person would write.
import nlp from 'compromise/two'
import { KINDS } from './kinds.ts'
import { channelOf, rankTerms, type Term } from './rank-terms.ts'
import type { ClusterDocument } from './terms.ts'
import { learnTrueCase, type TrueCase } from './true-case.ts'

export interface ClusterLabel {
  label: string
  /** Up to eight terms, the most telling first; fewer when the members share fewer. */
  keywords: string[]
}

const MOST_KEYWORDS = 8
/** A term of this share of the members names the group alone. */
const NAMES_ALONE = 0.4
/** A second term must speak for this share of the members that the first leaves out. */
const ADDS = 0.15
const MOST_LABEL_TERMS = 12
const MOST_LETTERS = 32
const IN_FULL = 0.6
const KIND_SHARE = 0.4
/** A term of a smaller share than this names a corner of the group rather than the group. */
const WIDE = 0.2

/**
 * A label and keywords for each group: the phrase that most members share and other groups do not, two of them
 * ("A & B") where one speaks for too few. No label that is made equals another one, whatever their case.
 * @param groups the members' documents
 * @param others documents of no group: they tell what is common everywhere
 * @param kept for each group the label that it keeps, if any
 */
export function labelClusters(
  groups: ClusterDocument[][],
  others: ClusterDocument[] = [],
  kept: (string | undefined)[] = [],
): ClusterLabel[] {
  const trueCase = learnTrueCase([...groups.flat(), ...others])
  const used = new Set(kept.flatMap(label => label?.toLowerCase() ?? []))
  const ranked = rankTerms(groups, others)
  return groups.map((group, at) => {
    const label = kept[at] ?? firstFree(labelCandidates(ranked[at]!, group, trueCase), used)
    used.add(label.toLowerCase())
    return { label, keywords: keywordsOf(ranked[at]!, trueCase) }
  })
}

/** Labels to choose from, the best first; never empty. */
function labelCandidates(ranked: Term[], group: ClusterDocument[], trueCase: TrueCase): string[] {
  const channel = channelOf(group)
  const [first, ...rest] = labelTerms(ranked, group.length, trueCase)
  const category = mostCommonCategory(group)
  const fallbacks = [`Mixed ${category}`, `More ${category}`]
  if (!first) return channel ? [channel, ...fallbacks] : fallbacks

  const kind = rest.find(term => KINDS.has(term.key) && shareOf(first, term) >= KIND_SHARE)
  const alone = [kind ? withKind(first, kind, trueCase) : titleOf(first, trueCase), titleOf(first, trueCase)]
  const joined = rest
    .filter(term => adds(term, first, group.length))
    .map(term => `${titleOf(first, trueCase)} & ${titleOf(term, trueCase)}`)
    .filter(label => label.length <= MOST_LETTERS)
  const inOrder =
    first.members.size >= NAMES_ALONE * group.length ? [...alone, ...joined] : [...joined, ...alone]
  return [
    ...(channel ? [channel] : []),
    ...inOrder,
    ...rest.map(term => titleOf(term, trueCase)),
    ...fallbacks,
  ]
}

/** The best terms that can be a label, those that speak for enough of the members first. */
function labelTerms(ranked: Term[], size: number, trueCase: TrueCase): Term[] {
  const width = (term: Term) => Math.min(1, term.members.size / (WIDE * size))
  const widest = ranked
    .map(term => ({ ...term, score: term.score * width(term) }))
    .sort((a, b) => b.score - a.score)
  const named: Term[] = []
  for (const term of widest) {
    if (named.length === MOST_LABEL_TERMS) break
    if (namesThing(trueCase(term.key))) named.push(inFull(term, widest))
  }
  return [...new Set(named)]
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

/** A label ends in a noun or an activity: "Weird", "Third" or "Removed" name nothing. */
function namesThing(title: string): boolean {
  const last = title.split(' ').at(-1)!.toLowerCase()
  return !nlp(last).has('(#Adjective|#Adverb|#Value|#Date|#PastTense)')
}

/** Whether a term speaks for members that the first one leaves out, in words of its own. */
function adds(term: Term, first: Term, size: number): boolean {
  if (shareWords(term.key, first.key)) return false
  const fresh = [...term.members].filter(member => !first.members.has(member)).length
  return fresh >= Math.max(2, ADDS * size)
}

/** The share of the first term's members that mention the other one too. */
function shareOf(first: Term, other: Term): number {
  return [...first.members].filter(member => other.members.has(member)).length / first.members.size
}

/** "iPhone X" and "review" make "iPhone X Reviews"; a label of three words, or one with a kind, is long enough. */
function withKind(term: Term, kind: Term, trueCase: TrueCase): string {
  const words = term.key.split(' ')
  const isLong = words.length > 2 || words.some(word => KINDS.has(word))
  return isLong ? titleOf(term, trueCase) : `${trueCase(term.key, true)} ${KINDS.get(kind.key)}`
}

/** The term as a title, in the plural when it ends in a kind of save. */
function titleOf(term: Term, trueCase: TrueCase): string {
  const words = term.key.split(' ')
  const plural = KINDS.get(words.at(-1)!)
  if (!plural) return trueCase(term.key)
  return words.length > 1 ? `${trueCase(words.slice(0, -1).join(' '), true)} ${plural}` : plural
}

function keywordsOf(ranked: Term[], trueCase: TrueCase): string[] {
  const chosen: Term[] = []
  for (const term of ranked) {
    if (chosen.length === MOST_KEYWORDS) break
    // "Fenty" says nothing beside "Fenty Beauty".
    if (chosen.some(other => shareWords(term.key, other.key))) continue
    // A name may end in any word, as Tom Petty's does.
    if (term.key.includes(' ') || namesThing(trueCase(term.key))) chosen.push(inFull(term, ranked))
  }
  return chosen.map(term => trueCase(term.key))
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

function mostCommonCategory(group: ClusterDocument[]): string {
  const counts = new Map<string, number>()
  for (const { category_high } of group) {
    const category = category_high ?? 'Misc'
    counts.set(category, (counts.get(category) ?? 0) + 1)
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'Misc'
}
