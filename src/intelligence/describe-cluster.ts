// A sentence about a group, and its type.
import type { Category, ClusterType } from '../vocabulary.ts'

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

/** The type that most members' categories map to, if that is at least 40 % of them; else `Misc`. */
export function clusterType(members: { category_high: Category | null }[]): ClusterType {
  const counts = new Map<ClusterType, number>()
  for (const { category_high } of members) {
    const type = TYPE_OF[category_high ?? 'Misc']
    counts.set(type, (counts.get(type) ?? 0) + 1)
  }
  const [type, count] = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0] ?? ['Misc', 0]
  return count >= MAJORITY * members.length ? type : 'Misc'
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
