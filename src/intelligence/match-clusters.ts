// Which old cluster a new one continues, so that its id, and a label that a person chose, stay.

export interface MatchableCluster {
  members: string[]
  centroid: Float32Array
}

/** Below this share of common members (Jaccard) only a centroid in nearly the same place makes a match. */
const LEAST_OVERLAP = 0.2
const SAME_PLACE = 0.9

/**
 * For each new cluster the id of the old one that it continues, or `undefined` when it is a new one.
 * Pairs are taken greedily, the largest overlap of members first; what is left pairs by the cosine of the
 * centroids, for a library whose saves were replaced by others about the same things.
 * No old id is used twice: an old id that is absent from the answer has no successor and is to be removed.
 * Ties are settled by the order of the lists.
 */
export function matchClusters(
  previous: (MatchableCluster & { id: string })[],
  next: MatchableCluster[],
): (string | undefined)[] {
  const matched: (string | undefined)[] = next.map(() => undefined)
  const used = new Set<string>()
  const take = (pairs: { old: number; at: number; score: number }[]) => {
    pairs.sort((a, b) => b.score - a.score || a.old - b.old || a.at - b.at)
    for (const { old, at } of pairs) {
      const id = previous[old]!.id
      if (matched[at] !== undefined || used.has(id)) continue
      matched[at] = id
      used.add(id)
    }
  }
  take(overlaps(previous, next).filter(pair => pair.score >= LEAST_OVERLAP))
  take(
    previous.flatMap((old, oldAt) =>
      next.flatMap((cluster, at) => {
        if (used.has(old.id) || matched[at] !== undefined) return []
        const score = cosine(old.centroid, cluster.centroid)
        return score >= SAME_PLACE ? [{ old: oldAt, at, score }] : []
      }),
    ),
  )
  return matched
}

/** The Jaccard overlap of every pair that shares a member. */
function overlaps(previous: MatchableCluster[], next: MatchableCluster[]) {
  const clusterOf = new Map(next.flatMap((cluster, at) => cluster.members.map(id => [id, at] as const)))
  return previous.flatMap((old, oldAt) => {
    const shared = new Map<number, number>()
    for (const id of old.members) {
      const at = clusterOf.get(id)
      if (at !== undefined) shared.set(at, (shared.get(at) ?? 0) + 1)
    }
    return [...shared].map(([at, count]) => ({
      old: oldAt,
      at,
      score: count / (old.members.length + next[at]!.members.length - count),
    }))
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
