// Lloyd's iterations of k-means, which skip the rows that cannot have moved.
import { addRow, dot, type GroupSums, meansOf, squaredLengths, visitProducts } from './nearest-centroids.ts'

const MOST_ITERATIONS = 100
/** Of the squared lengths: more than rounding to 32-bit floats changes a squared distance. */
const ROUNDING = 2e-6

export interface LloydResult {
  /** The cluster of each row, 0 to k − 1. A cluster may be empty. */
  assignments: Int32Array
  /** The means of the clusters, row-major k × dimensions; an empty cluster keeps its last one. */
  centroids: Float32Array
  /** The sum of the rows' squared distances to their centroids. */
  inertia: number
  iterations: number
}

/**
 * Lloyd's iterations until no row moves, 100 at most; of two equally near centroids the lower number is taken.
 * Each row has an upper bound of its distance to its centroid and a lower bound of that to every other, kept up
 * by how far the centroids moved. While the first is below the second the row stays, and is not looked at
 * (Hamerly 2010): the groups are those of the plain iterations.
 * @param points row-major n × dimensions
 * @param starts the first centroids, row-major k × dimensions; left untouched
 */
export function lloyd(points: Float32Array, dimensions: number, starts: Float32Array): LloydResult {
  const n = points.length / dimensions
  const k = starts.length / dimensions
  const squares = squaredLengths(points, dimensions)
  const assignments = new Int32Array(n).fill(-1)
  const upper = new Float64Array(n).fill(Infinity)
  const lower = new Float64Array(n)
  const groups: GroupSums = { sums: new Float64Array(k * dimensions), sizes: new Int32Array(k) }
  const unsure = new Int32Array(n)
  let centroids = starts

  for (let iterations = 1; ; iterations++) {
    let count = 0
    for (let row = 0; row < n; row++) if (upper[row]! >= lower[row]!) unsure[count++] = row
    const lengths = squaredLengths(centroids, dimensions)
    const rounding = ROUNDING * lengths.reduce((most, length) => Math.max(most, length), 0)
    let moved = 0
    const visit = (row: number, products: Float32Array, at: number) => {
      // |x − c|² is |x|² − 2x·c + |c|².
      let nearest = 0
      let least = Infinity
      let second = Infinity
      for (let c = 0; c < k; c++) {
        const value = lengths[c]! - 2 * products[at + c]!
        if (value < least) {
          second = least
          least = value
          nearest = c
        } else if (value < second) second = value
      }
      const square = squares[row]!
      const error = rounding + ROUNDING * square
      upper[row] = Math.sqrt(Math.max(0, square + least + error))
      lower[row] = Math.sqrt(Math.max(0, square + second - error))
      const before = assignments[row]!
      if (before === nearest) return
      moved++
      assignments[row] = nearest
      if (before >= 0) addRow(groups, points, row, dimensions, before, -1)
      addRow(groups, points, row, dimensions, nearest, 1)
    }
    visitProducts(points, dimensions, centroids, visit, count < n ? unsure.subarray(0, count) : undefined)

    const means = meansOf(groups, dimensions, centroids)
    if (moved === 0 || iterations === MOST_ITERATIONS) {
      return { assignments, centroids: means, inertia: inertiaOf(squares, groups, means), iterations }
    }
    follow(assignments, upper, lower, shifts(centroids, means, dimensions))
    centroids = means
  }
}

/** How far each centroid moved. */
function shifts(from: Float32Array, to: Float32Array, dimensions: number): Float64Array {
  return Float64Array.from({ length: from.length / dimensions }, (_, c) => {
    let sum = 0
    for (let at = c * dimensions; at < (c + 1) * dimensions; at++) sum += (from[at]! - to[at]!) ** 2
    return Math.sqrt(sum)
  })
}

/** A row's centroid is at most its shift farther away, every other at most the largest of their shifts nearer. */
function follow(
  assignments: Int32Array,
  upper: Float64Array,
  lower: Float64Array,
  shift: Float64Array,
): void {
  const farthest = shift.reduce((most, length, c) => (length > shift[most]! ? c : most), 0)
  const largest = shift[farthest]!
  const next = shift.reduce((most, length, c) => (c === farthest ? most : Math.max(most, length)), 0)
  for (let row = 0; row < assignments.length; row++) {
    const own = assignments[row]!
    upper[row]! += shift[own]!
    lower[row]! -= own === farthest ? next : largest
  }
}

/** Around its mean c, the squared distances of a group of rows x sum up to Σ|x|² − size × |c|². */
function inertiaOf(squares: Float64Array, { sizes }: GroupSums, means: Float32Array): number {
  const dimensions = means.length / sizes.length
  let inertia = squares.reduce((sum, square) => sum + square, 0)
  sizes.forEach((size, c) => {
    inertia -= size * dot(means, c * dimensions, means, c * dimensions, dimensions)
  })
  return Math.max(0, inertia)
}
