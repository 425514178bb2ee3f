export type Way = 'text' | 'semantic'

export interface Scored {
  id: string
  score: number
}

export interface Fused extends Scored {
  matched: Way[]
}

/**
 * One list of what two ways of searching found, best first; equal scores go by id.
 *
 * Scores are added, not ranks: by ranks alone the first place of a vague search counts as much as that of a sure one, and
 * the only text that holds a rare word came behind texts that are a little like it.
 * @param words 1 and more where every word of the query stands in a title
 * @param meaning cosines, and `floor` the least of them that means anything
 */
export function fuseScores(words: Scored[], meaning: Scored[], floor: number): Fused[] {
  const fused = new Map<string, Fused>()
  for (const { id, score } of words) fused.set(id, { id, score, matched: ['text'] })
  for (const { id, score } of meaning) {
    const found: Fused = fused.get(id) ?? { id, score: 0, matched: [] }
    found.score += Math.max(0, score - floor) / (1 - floor)
    found.matched.push('semantic')
    fused.set(id, found)
  }
  return [...fused.values()].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
}
