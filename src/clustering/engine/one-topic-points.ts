// What a library with a single topic would look like: random points with the same mean and the same spread in
// every direction, but without groups. A grouping counts only as far as it fits better than one of these.
import { rowProducts } from './kernel/row-products.ts'
import { giveBack, visitProducts } from './kmeans/nearest-centroids.ts'
import { seededRandom } from './kmeans/seeded-random.ts'

/**
 * Draws sets of as many points as there are, from one Gaussian with the points' mean and covariance, scaled to
 * unit length (the null of SigClust: Liu, Hayes, Nobel and Marron 2008).
 * The covariance is shrunk towards a sphere as Ledoit and Wolf (2004) do: a few points in many dimensions would
 * otherwise seem to lie in fewer directions than they do.
 */
export function oneTopicPoints(
  points: Float32Array,
  dimensions: number,
  seed: number,
  sets: number,
): Float32Array[] {
  const n = points.length / dimensions
  const centre = new Float64Array(dimensions)
  for (let at = 0; at < points.length; at++) centre[at % dimensions]! += points[at]! / n
  const centred = points.map((value, at) => value - centre[at % dimensions]!)
  const { shrinkage, variance } = ledoitWolf(centred, dimensions)
  const normal = normalNumbers(seed)
  const shared = Math.sqrt((1 - shrinkage) / n)
  const own = Math.sqrt(shrinkage * variance)
  // A drawn row is a random mixture of the centred rows: a product with each of their columns.
  const columns = new Float32Array(points.length)
  for (let at = 0; at < columns.length; at++)
    columns[at] = centred[(at % n) * dimensions + Math.floor(at / n)]!

  const drawnSets = Array.from({ length: sets }, () => {
    const weights = new Float32Array(n * n)
    for (let at = 0; at < weights.length; at++) weights[at] = shared * normal()
    const drawn = new Float32Array(points.length)
    rowProducts(weights, columns, n, drawn)
    for (let row = 0; row < drawn.length; row += dimensions) {
      let square = 0
      for (let d = 0; d < dimensions; d++) {
        drawn[row + d]! += centre[d]! + own * normal()
        square += drawn[row + d]! ** 2
      }
      const length = Math.sqrt(square) || 1
      for (let d = 0; d < dimensions; d++) drawn[row + d]! /= length
    }
    giveBack(weights)
    return drawn
  })
  giveBack(centred, columns)
  return drawnSets
}

/** The weight of the sphere (0 to 1), and its variance in each direction. */
function ledoitWolf(centred: Float32Array, dimensions: number): { shrinkage: number; variance: number } {
  const n = centred.length / dimensions
  let squared = 0
  let fourth = 0
  let trace = 0
  visitProducts(centred, dimensions, centred, (row, products, at) => {
    for (let other = 0; other < n; other++) squared += products[at + other]! ** 2
    trace += products[at + row]! / n
    fourth += products[at + row]! ** 2
  })
  squared /= n * n
  const fromSphere = squared - trace ** 2 / dimensions
  const noise = fourth / (n * n) - squared / n
  return {
    shrinkage: fromSphere > 0 ? Math.min(1, Math.max(0, noise / fromSphere)) : 1,
    variance: trace / dimensions,
  }
}

/**
 * Nearly normal numbers: sums of twelve uniform ones, which have variance 1. Logarithm and cosine, which exactly
 * normal ones need, differ in the last bit from runtime to runtime.
 */
function normalNumbers(seed: number): () => number {
  const random = seededRandom(seed)
  return () => {
    let sum = -6
    for (let count = 0; count < 12; count++) sum += random()
    return sum
  }
}
