// Decides category and subcategories by nearness to the written examples of categories.ts. Pure.
import { CATEGORIES, type Category } from '../../vocabulary.ts'
import { SUBCATEGORIES } from './categories.ts'

/** Every example text; `createClassifier` takes their vectors in this order. */
export const EXAMPLES: string[] = SUBCATEGORIES.flatMap(subcategory => subcategory.examples)

const OWNERS = SUBCATEGORIES.flatMap(subcategory => subcategory.examples.map(() => subcategory))

/** A category is as near as the mean of its nearest examples: one alone is luck, all together say little. */
const EXAMPLES_COUNTED = 3
/** Below this nothing is near enough: one real title in fifty is, and half of the meaningless strings tried. */
const CATEGORY_THRESHOLD = 0.2
const SUBCATEGORY_THRESHOLD = 0.2
/** A subcategory is named only when it comes this close to the nearest one. */
const SUBCATEGORY_RANGE = 0.7
const MOST_SUBCATEGORIES = 4

export interface Classification {
  category: Category
  /** Cosine to the category, after what all examples share was taken away. */
  score: number
  /** Nearest first, of the chosen category. */
  subcategories: string[]
}

/** @param examples unit vectors of `EXAMPLES` */
export function createClassifier(examples: Float32Array[]): (text: Float32Array) => Classification {
  if (examples.length !== EXAMPLES.length) throw new Error(`Expected ${EXAMPLES.length} example vectors`)
  // What all examples have in common tells nothing about which of them is near.
  const common = meanOf(examples)
  const known = examples.map(example => away(example, common))

  return text => {
    const vector = away(text, common)
    const scores = known.map(example => dot(vector, example))
    const ranked = CATEGORIES.map(category => ({ category, score: nearestMean(category, scores) })).sort(
      (a, b) => b.score - a.score,
    )
    const { category, score } = ranked[0]!
    if (score < CATEGORY_THRESHOLD) return { category: 'Misc', score, subcategories: [] }
    return { category, score, subcategories: nearSubcategories(category, scores) }
  }
}

function nearestMean(category: Category, scores: number[]): number {
  const nearest = scores
    .filter((_, index) => OWNERS[index]!.category === category)
    .sort((a, b) => b - a)
    .slice(0, EXAMPLES_COUNTED)
  return nearest.reduce((sum, score) => sum + score, 0) / nearest.length
}

function nearSubcategories(category: Category, scores: number[]): string[] {
  const best = new Map<string, number>()
  scores.forEach((score, index) => {
    const owner = OWNERS[index]!
    if (owner.category === category) best.set(owner.label, Math.max(score, best.get(owner.label) ?? -1))
  })
  const ranked = [...best].sort((a, b) => b[1] - a[1])
  const least = Math.max(SUBCATEGORY_THRESHOLD, ranked[0]![1] * SUBCATEGORY_RANGE)
  return ranked
    .filter(([, score]) => score >= least)
    .slice(0, MOST_SUBCATEGORIES)
    .map(([label]) => label)
}

function meanOf(vectors: Float32Array[]): Float32Array {
  const mean = new Float32Array(vectors[0]!.length)
  for (const vector of vectors) {
    for (let i = 0; i < mean.length; i++) mean[i]! += vector[i]! / vectors.length
  }
  return mean
}

function away(vector: Float32Array, from: Float32Array): Float32Array {
  const moved = vector.map((value, i) => value - from[i]!)
  const length = Math.sqrt(dot(moved, moved)) || 1
  return moved.map(value => value / length)
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
