// A sentence about a group, and its type.
import { CATEGORIES, type Category, type ClusterType } from '../../vocabulary.ts'

const TYPE_OF: Record<Category, ClusterType> = {
  Travel: 'Travel',
  'Food & Drink': 'Food',
  Learning: 'Learning',
  Career: 'Learning',
  Fitness: 'Fitness',
  Entertainment: 'Entertainment',
  Shopping: 'Shopping',
  Tech: 'Tech',
  Misc: 'Misc',
}
const MAJORITY = 0.4

/**
 * The type that most members' categories map to, if that is at least 40 % of them; else `Misc`.
 * @param counts how many members are of each of `CATEGORIES`, in that order
 */
export function clusterType(counts: ArrayLike<number>): ClusterType {
  const byType = new Map<ClusterType, number>()
  let members = 0
  for (const [at, category] of CATEGORIES.entries()) {
    const type = TYPE_OF[category]
    byType.set(type, (byType.get(type) ?? 0) + counts[at]!)
    members += counts[at]!
  }
  const [type, count] = [...byType].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]!
  return members > 0 && count >= MAJORITY * members ? type : 'Misc'
}

/** What labels are made of when no subject speaks for enough of a group (label-clusters.ts). */
const OF_A_MIX = /^(Mixed|More) | Mix$/

/**
 * One plain sentence: how many saves, what they are about, and the kind that most of them are.
 * "12 saves about iPhone X Reviews, mostly Tech: Apple, Face ID and Unboxing."
 */
export function describeCluster(label: string, keywords: string[], type: ClusterType, size: number): string {
  const said = label.toLowerCase()
  const further = keywords.filter(keyword => !said.includes(keyword.toLowerCase())).slice(0, 3)
  const saves = size === 1 ? 'save' : 'saves'
  const what = OF_A_MIX.test(label) ? `mixed ${saves}` : `${saves} about ${label}`
  const mostly = type === 'Misc' ? '' : `, mostly ${type}`
  const list = further.length > 0 ? `: ${listed(further)}` : ''
  return `${size} ${what}${mostly}${list}.`
}

/** Whether a description was counted from the members rather than written by a model. */
export const isCounted = (description: string): boolean =>
  /^\d+ (saves? about |mixed saves?\b)/.test(description)

function listed(words: string[]): string {
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words.at(-1)}` : words.join('')
}
