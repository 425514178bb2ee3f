// Which old cluster a new one continues, so that its id, and a label that a person chose, stay.
import { assignPairs } from './kmeans/assign-pairs.ts'

export interface MatchableCluster {
  /** Ids, or the numbers of rows. */
  members: (string | number)[]
  centroid: Float32Array
}

/** Below this share of common members (Jaccard) only a centroid in nearly the same place makes a match. */
const LEAST_OVERLAP = 0.2
const SAME_PLACE = 0.9
/** More than this share of both old and new in common, and they are one group, whatever other pairs would add up to. */
const MOSTLY = 0.5

/**
 * For each new cluster the id of the old one that it continues, or `undefined` when it is a new one.
 * Those with more than half of their members in common continue each other. The others are paired so that the sum of
 * their overlaps (Jaccard) is the largest; what is left so that the sum of the cosines of the centroids is, for a
 * library whose saves were replaced by others about the same things.
 * No old id is used twice: an old id that is absent from the answer has no successor and is to be removed.
 */
export function matchClusters(
  previous: (MatchableCluster & { id: string })[],
  next: MatchableCluster[],
): (string | undefined)[] {
  const matched: (string | undefined)[] = next.map(() => undefined)
  const take = (weights: number[][]) => {
    for (const [old, at] of assignPairs(weights).entries()) if (at >= 0) matched[at] = previous[old]!.id
  }
  take(overlaps(previous, next))
  const used = new Set(matched)
  take(
    previous.map(({ id, centroid }) =>
      next.map((cluster, at) => {
        if (used.has(id) || matched[at] !== undefined) return 0
        const likeness = cosine(centroid, cluster.centroid)
        return likeness >= SAME_PLACE ? likeness : 0
      }),
    ),
  )
  return matched
}

/** The weight of each old and new pair: its Jaccard overlap, 0 where that is too small, 1 more for one that is mostly the same. */
function overlaps(previous: MatchableCluster[], next: MatchableCluster[]): number[][] {
  const clusterOf = new Map<string | number, number>()
  for (const [at, { members }] of next.entries()) for (const id of members) clusterOf.set(id, at)
  return previous.map(old => {
    const shared = next.map(() => 0)
    for (const id of old.members) {
      const at = clusterOf.get(id)
      if (at !== undefined) shared[at]!++
    }
    return shared.map((count, at) => {
      const [before, now] = [old.members.length, next[at]!.members.length]
      const overlap = count / (before + now - count)
      if (!(overlap >= LEAST_OVERLAP)) return 0
      return count > MOSTLY * Math.max(before, now) ? 1 + overlap : overlap
    })
  })
}

/** Between −1 and 1; 0 when either has no length, or when their dimensions differ. */
function cosine(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return 0
  let product = 0
  let aa = 0
  let bb = 0
  for (let d = 0; d < a.length; d++) {
    product += a[d]! * b[d]!
    aa += a[d]! ** 2
    bb += b[d]! ** 2
  }
  return aa > 0 && bb > 0 ? product / Math.sqrt(aa * bb) : 0
}
