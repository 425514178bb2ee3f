// What a library with a single topic would look like: random points with the same mean and the same spread in
// every direction, but without groups. A grouping counts only as far as it fits better than one of these.
import { dot } from './nearest-centroids.ts'
import { seededRandom } from './seeded-random.ts'

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
  const gaussian = gaussianNumbers(seed)
  const shared = Math.sqrt((1 - shrinkage) / n)
  const own = Math.sqrt(shrinkage * variance)

  return Array.from({ length: sets }, () => {
    const drawn = new Float32Array(points.length)
    const row = new Float64Array(dimensions)
    for (let i = 0; i < n; i++) {
      for (let d = 0; d < dimensions; d++) row[d] = centre[d]! + own * gaussian()
      for (let other = 0; other < n; other++) {
        const weight = shared * gaussian()
        const from = other * dimensions
        for (let d = 0; d < dimensions; d++) row[d]! += weight * centred[from + d]!
      }
      const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)) || 1
      for (let d = 0; d < dimensions; d++) drawn[i * dimensions + d] = row[d]! / length
    }
    return drawn
  })
}

/** The weight of the sphere (0 to 1), and its variance in each direction. */
function ledoitWolf(centred: Float32Array, dimensions: number): { shrinkage: number; variance: number } {
  const n = centred.length / dimensions
  let squared = 0
  let fourth = 0
  let trace = 0
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      const product = dot(centred, i * dimensions, centred, j * dimensions, dimensions)
      squared += i === j ? product ** 2 : 2 * product ** 2
      if (i === j) {
        trace += product / n
        fourth += product ** 2
      }
    }
  }
  squared /= n * n
  const fromSphere = squared - trace ** 2 / dimensions
  const noise = fourth / (n * n) - squared / n
  return {
    shrinkage: fromSphere > 0 ? Math.min(1, Math.max(0, noise / fromSphere)) : 1,
    variance: trace / dimensions,
  }
}

/** Normally distributed numbers (Box–Muller). */
function gaussianNumbers(seed: number): () => number {
  const random = seededRandom(seed)
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
