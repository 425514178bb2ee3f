// Which rows form the groups of a library: the groups that it has, or new ones where those fit clearly better.
import { chooseK } from './choose-k.ts'
import { kmeans } from './kmeans/kmeans.ts'
import { meanSilhouette } from './silhouette.ts'
import { joinClusters, OUTLIER, type Points, trimClusters, withoutOutliers } from './trim-clusters.ts'

export interface Grouping {
  /** The group of each row, 0 to k − 1, or `OUTLIER`. */
  groups: Int32Array
  k: number
  /** The mean cosine silhouette over a sample of all rows; a row of no group counts with the nearest. */
  silhouette: number
}

/** Smaller groups are dissolved. */
const LEAST_MEMBERS = 3
/** New groups replace the present ones only when their silhouette is this much better: people know the old ones. */
const CLEARLY_BETTER = { factor: 1.1, plus: 0.005 }

/**
 * Groups the rows. The present groups stay, and new rows join them, unless grouping again fits clearly better.
 * @param present the group of each row by the last run, 0 to k − 1, or `OUTLIER`; all `OUTLIER` on the first run
 */
export function groupRows(rows: Points, present: Int32Array, presentK: number, seed: number): Grouping {
  const fresh = groupAnew(rows, seed)
  if (presentK === 0) return fresh
  const kept = measured(rows, joinClusters(rows, present, presentK), presentK, seed)
  return fresh.silhouette > kept.silhouette * CLEARLY_BETTER.factor + CLEARLY_BETTER.plus ? fresh : kept
}

function groupAnew(rows: Points, seed: number): Grouping {
  const k = chooseK({ ...rows, seed })
  const { assignments } = kmeans({ ...rows, k, seed })
  const trimmed = trimClusters(rows, assignments, k, LEAST_MEMBERS)
  const groups = trimmed.every(group => group === OUTLIER) ? new Int32Array(trimmed.length) : trimmed
  const count = groups.reduce((most, group) => Math.max(most, group), 0) + 1
  return measured(rows, joinClusters(rows, groups, count), count, seed)
}

function measured(rows: Points, groups: Int32Array, k: number, seed: number): Grouping {
  const all = withoutOutliers(rows, groups, k)
  return { groups, k, silhouette: meanSilhouette(rows.points, rows.dimensions, all, k, seed) }
}
