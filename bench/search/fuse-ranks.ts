export type Way = 'text' | 'semantic'

/** What one way of searching found, best first. */
export interface Ranking {
  way: Way
  ids: string[]
}

export interface Fused {
  id: string
  score: number
  matched: Way[]
}

/** The usual constant: how much less the first place counts than its rank alone would say. */
const SMOOTHING = 60
/** Meaning counts double: the best of the ratios that were tried. */
const WEIGHTS: Record<Way, number> = { text: 1, semantic: 2 }

/** Reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009), weighted. Equal scores go by id. */
export function fuseRanks(rankings: Ranking[]): Fused[] {
  const fused = new Map<string, Fused>()
  for (const { way, ids } of rankings) {
    for (const [place, id] of ids.entries()) {
      const found: Fused = fused.get(id) ?? { id, score: 0, matched: [] }
      found.score += WEIGHTS[way] / (SMOOTHING + place + 1)
      found.matched.push(way)
      fused.set(id, found)
    }
  }
  return [...fused.values()].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
}
