// How well a grouping fits: for each row, how much nearer its own group is than the next one (Rousseeuw 1987).
import { squaredDistances } from './nearest-centroids.ts'
import { sampleRows } from './seeded-random.ts'

const SAMPLE_ROWS = 800

/**
 * The silhouette of every row, −1 to 1; 0 for a row alone in its group.
 * Over squared Euclidean distances of unit vectors this is the cosine silhouette, since they are 2(1 − cosine).
 * @param distances row-major n × n
 * @param groups a number from 0 to k − 1 for each row
 */
export function silhouettes(distances: Float32Array, groups: Int32Array, k: number): Float64Array {
  const n = groups.length
  const sizes = groupSizes(groups, k)
  const sums = new Float64Array(k)
  const scores = new Float64Array(n)
  for (let row = 0; row < n; row++) {
    const own = groups[row]!
    if (sizes[own]! < 2) continue
    sums.fill(0)
    for (let other = 0; other < n; other++) sums[groups[other]!]! += distances[row * n + other]!
    const inside = sums[own]! / (sizes[own]! - 1)
    let outside = Infinity
    for (let group = 0; group < k; group++) {
      if (group !== own && sizes[group]! > 0) outside = Math.min(outside, sums[group]! / sizes[group]!)
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
  const scores = silhouettes(
    squaredDistances(takeRows(points, dimensions, rows), dimensions),
    rows.map(row => groups[row]!),
    k,
  )
  return mean(scores)
}

/** How many rows each group has; a row with a negative number is in none. */
export function groupSizes(groups: Int32Array, k: number): Int32Array {
  const sizes = new Int32Array(k)
  for (const group of groups) if (group >= 0) sizes[group]!++
  return sizes
}

/** Copies the given rows, in the given order. */
export function takeRows(points: Float32Array, dimensions: number, rows: Int32Array): Float32Array {
  const taken = new Float32Array(rows.length * dimensions)
  rows.forEach((row, place) => {
    taken.set(points.subarray(row * dimensions, (row + 1) * dimensions), place * dimensions)
  })
  return taken
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0
  for (let at = 0; at < values.length; at++) sum += values[at]!
  return values.length > 0 ? sum / values.length : 0
}
