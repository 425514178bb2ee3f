// The few directions in which a library varies most. Groups that noise hides in 512 dimensions show there, since most
// of the noise lies in the others.
import { rowProducts } from '../kernel/row-products.ts'
import { dot, giveBack, takeRows } from './nearest-centroids.ts'
import { sampleRows, seededRandom } from './seeded-random.ts'

/** More rows would hardly turn the directions, and cost as much again. */
const MOST_ROWS = 10_000
/** Rows that are transposed at once: 2 MB at 512 dimensions. */
const BLOCK_ROWS = 1000
/** Of orthogonal iteration. Only the space that the directions span matters, and that is found early. */
const ITERATIONS = 8

/**
 * Orthogonal directions of unit length, row-major count × dimensions, which nearly span the first principal
 * components of a seeded sample of at most 10,000 rows. The same seed gives the same ones on every runtime.
 * @param points row-major n × dimensions
 */
export function principalDirections(
  points: Float32Array,
  dimensions: number,
  count: number,
  seed: number,
): Float32Array {
  const covariance = scatter(points, dimensions, sampleRows(points.length / dimensions, MOST_ROWS, seed))
  const random = seededRandom(seed)
  let directions = Float32Array.from({ length: count * dimensions }, () => random() - 0.5)
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const turned = new Float32Array(directions.length)
    rowProducts(directions, covariance, dimensions, turned)
    orthonormalise(turned, dimensions)
    directions = turned
  }
  return directions
}

/** The products of the columns with each other, about their means. */
function scatter(points: Float32Array, dimensions: number, rows: Int32Array): Float32Array {
  const total = new Float32Array(dimensions * dimensions)
  const products = new Float32Array(dimensions * dimensions)
  const sums = new Float64Array(dimensions)
  for (let first = 0; first < rows.length; first += BLOCK_ROWS) {
    const block = takeRows(points, dimensions, rows.subarray(first, first + BLOCK_ROWS))
    const size = block.length / dimensions
    const columns = new Float32Array(block.length)
    for (let row = 0; row < size; row++) {
      for (let d = 0; d < dimensions; d++) {
        columns[d * size + row] = block[row * dimensions + d]!
        sums[d]! += block[row * dimensions + d]!
      }
    }
    rowProducts(columns, columns, size, products)
    for (let at = 0; at < total.length; at++) total[at]! += products[at]!
    giveBack(block, columns)
  }
  for (let a = 0; a < dimensions; a++) {
    for (let b = 0; b < dimensions; b++) total[a * dimensions + b]! -= (sums[a]! * sums[b]!) / rows.length
  }
  return total
}

/** Gram and Schmidt's way; a direction that the earlier ones span already becomes zeros. */
function orthonormalise(directions: Float32Array, dimensions: number): void {
  for (let own = 0; own < directions.length; own += dimensions) {
    for (let other = 0; other < own; other += dimensions) {
      const along = dot(directions, own, directions, other, dimensions)
      for (let d = 0; d < dimensions; d++) directions[own + d]! -= along * directions[other + d]!
    }
    const length = Math.sqrt(dot(directions, own, directions, own, dimensions))
    for (let d = 0; d < dimensions; d++) directions[own + d]! *= length > 0 ? 1 / length : 0
  }
}
