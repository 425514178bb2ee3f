// Sets of rows whose true groups are known.
import { seededRandom } from '../../src/clustering/engine/kmeans/seeded-random.ts'

export interface GeneratedRows {
  points: Float32Array
  dimensions: number
  /** The true group of each row. */
  truth: Int32Array
}

/**
 * Unit rows around `groups` random directions. `spread` is the length of the noise against that of the direction:
 * at 1 a row has cosine 0.7 with its direction, at 2 it has 0.45.
 */
export function generateRows(options: {
  rows: number
  groups: number
  spread: number
  seed: number
  dimensions?: number
}): GeneratedRows {
  const { rows, groups, spread, seed, dimensions = 64 } = options
  const random = seededRandom(seed)
  const gaussian = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const directions = Array.from({ length: groups }, () => unit(Array.from({ length: dimensions }, gaussian)))
  const points = new Float32Array(rows * dimensions)
  const truth = Int32Array.from({ length: rows }, (_, row) => row % groups)
  for (let row = 0; row < rows; row++) {
    const noise = unit(Array.from({ length: dimensions }, gaussian))
    const direction = directions[truth[row]!]!
    points.set(unit(direction.map((value, d) => value + spread * noise[d]!)), row * dimensions)
  }
  return { points, dimensions, truth }
}

function unit(values: number[]): number[] {
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
  return values.map(value => value / length)
}

/** The harmonic mean of homogeneity and completeness, 0 to 1 (Rosenberg and Hirschberg 2007). */
export function vMeasure(truth: ArrayLike<number>, found: ArrayLike<number>): number {
  const joint = Array.from({ length: truth.length }, (_, at) => `${truth[at]}|${found[at]}`)
  const truthEntropy = entropy(Array.from(truth))
  const foundEntropy = entropy(Array.from(found))
  const shared = truthEntropy + foundEntropy - entropy(joint)
  const homogeneity = truthEntropy > 0 ? shared / truthEntropy : 1
  const completeness = foundEntropy > 0 ? shared / foundEntropy : 1
  return homogeneity + completeness > 0 ? (2 * homogeneity * completeness) / (homogeneity + completeness) : 0
}

function entropy(values: (string | number)[]): number {
  const counts = new Map<string | number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts.values()].reduce((sum, count) => {
    const share = count / values.length
    return sum - share * Math.log(share)
  }, 0)
}
