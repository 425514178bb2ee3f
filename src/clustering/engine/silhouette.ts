// How well a grouping fits: for each row, how much nearer its own group is than the next one (Rousseeuw 1987).
import { giveBack, squaredDistances, takeRows } from './kmeans/nearest-centroids.ts'
import { sampleRows } from './kmeans/seeded-random.ts'

const SAMPLE_ROWS = 800

/**
 * The sum of each row's distances to the rows of each group, row-major n × k.
 * @param distances row-major n × n
 * @param groups a number from 0 to k − 1 for each row
 * @param sums has room for them, and is returned
 */
export function distanceSums(
  distances: Float32Array,
  groups: Int32Array,
  k: number,
  sums: Float64Array = new Float64Array(groups.length * k),
): Float64Array {
  const n = groups.length
  sums.fill(0, 0, n * k)
  for (let row = 0; row < n; row++) {
    for (let other = 0; other < n; other++) sums[row * k + groups[other]!]! += distances[row * n + other]!
  }
  return sums
}

/**
 * The silhouette of every row, −1 to 1; 0 for a row alone in its group.
 * Over squared Euclidean distances of unit vectors this is the cosine silhouette, since they are 2(1 − cosine).
 * @param sums of the distances, as `distanceSums` gives them for the same groups
 */
export function silhouettes(sums: Float64Array, groups: Int32Array, k: number): Float64Array {
  const sizes = groupSizes(groups, k)
  const scores = new Float64Array(groups.length)
  for (let row = 0; row < scores.length; row++) {
    const own = groups[row]!
    if (sizes[own]! < 2) continue
    const inside = sums[row * k + own]! / (sizes[own]! - 1)
    let outside = Infinity
    for (let group = 0; group < k; group++) {
      if (group === own || sizes[group] === 0) continue
      outside = Math.min(outside, sums[row * k + group]! / sizes[group]!)
    }
    const widest = Math.max(inside, outside)
    if (outside < Infinity && widest > 0) scores[row] = (outside - inside) / widest
  }
  return scores
}

/** The mean silhouette of a grouping, over a seeded sample of at most 800 rows; 0 for a single group. */
export function meanSilhouette(
  points: Float32Array,
  dimensions: number,
  groups: Int32Array,
  k: number,
  seed: number,
): number {
  const rows = sampleRows(groups.length, SAMPLE_ROWS, seed)
  const sampled = rows.map(row => groups[row]!)
  const sample = takeRows(points, dimensions, rows)
  const distances = squaredDistances(sample, dimensions)
  const sums = distanceSums(distances, sampled, k)
  giveBack(sample, distances)
  return mean(silhouettes(sums, sampled, k))
}

/** How many rows each group has; a row with a negative number is in none. */
export function groupSizes(groups: Int32Array, k: number): Int32Array {
  const sizes = new Int32Array(k)
  for (const group of groups) if (group >= 0) sizes[group]!++
  return sizes
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0
  for (let at = 0; at < values.length; at++) sum += values[at]!
  return values.length > 0 ? sum / values.length : 0
}
