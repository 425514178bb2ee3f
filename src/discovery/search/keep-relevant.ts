import type { Near } from '../vectors/store.ts'

/**
 * Something is always nearest. Below this cosine it is of another matter: of the local model's scores on two hundred
 * videos, a question about none of them had at most 0.3 to 0.4, and a good answer had 0.45 and more.
 */
const FLOORS: [prefix: string, floor: number][] = [
  ['local:', 0.3],
  ['openai:', 0.2],
]
/** What is much further than the best is of another matter, too. */
const SHARE_OF_BEST = 0.55

/** The least cosine of `model` that means anything. */
export const floorOf = (model: string): number =>
  FLOORS.find(([prefix]) => model.startsWith(prefix))?.[1] ?? 0

/** Those hits, best first, which are near enough to `q` to be an answer. */
export function keepRelevant(hits: Near[], model: string): Near[] {
  const least = Math.max(floorOf(model), (hits[0]?.score ?? 0) * SHARE_OF_BEST)
  return hits.filter(({ score }) => score >= least)
}
