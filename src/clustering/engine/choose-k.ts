// How many groups a library has, found by itself.
import { rowProducts } from './kernel/row-products.ts'
import { dot, giveBack, squaredDistances, takeRows } from './kmeans/nearest-centroids.ts'
import { principalDirections } from './kmeans/principal-directions.ts'
import { sampleRows } from './kmeans/seeded-random.ts'
import { cutTree, wardTree } from './kmeans/ward-tree.ts'
import { oneTopicPoints } from './one-topic-points.ts'
import { distanceSums, groupSizes, mean, silhouettes } from './silhouette.ts'

const SAMPLE_ROWS = 800
const MOST_GROUPS = 100
const FEWEST_ROWS_A_GROUP = 4
const REGROUP_ROUNDS = 5
/** A gain in silhouette below this is not worth a second group. */
const LEAST_GAIN = 0.01
/** Rows this near to each other on average are one topic, unless groups stand clearly apart. */
const ONE_TOPIC_COSINE = 0.5
const CLEARLY_APART = 0.25

/** Below this gain groups are faint: the sample alone finds too few of them, or none. */
const FAINT = 0.05
/** Of the directions in which faint groups are looked for: fewer leave out groups, more let the noise in. */
const FEW_DIMENSIONS = 48

/**
 * The number of groups that fits the rows best; 1 when nothing says that there are more.
 * For each candidate the cosine silhouette of a seeded sample is compared with the silhouette that rows of one
 * topic would get (as the gap statistic does: Tibshirani, Walther and Hastie 2001). The fewest groups within one
 * standard error of the best are taken, since a finer grouping that is no better only makes more to read.
 * Groups that are hardly told from noise are looked for once more where the whole library, of which the sample is a
 * part, varies most. There silhouettes are larger, by chance as well: what is faint even there changes nothing.
 * @param points unit vectors, row-major n × dimensions
 */
export function chooseK({
  points,
  dimensions,
  seed,
}: {
  points: Float32Array
  dimensions: number
  seed: number
}): number {
  const count = points.length / dimensions
  const rows = sampleRows(count, SAMPLE_ROWS, seed)
  const n = rows.length
  if (n < 2 * FEWEST_ROWS_A_GROUP - 2) return 1
  const sample = takeRows(points, dimensions, rows)
  const distances = squaredDistances(sample, dimensions)
  const candidates = candidateCounts(Math.max(2, Math.min(MOST_GROUPS, Math.floor(n / FEWEST_ROWS_A_GROUP))))
  const fits = fitsOf(distances, n, candidates)

  const closeness = 1 - (mean(distances) * n) / (n - 1) / 2
  if (closeness >= ONE_TOPIC_COSINE && Math.max(...fits.map(fit => fit.silhouette)) < CLEARLY_APART) return 1

  const found = compare(fits, candidates, sample, dimensions, seed)
  giveBack(distances)
  if (found.gain >= FAINT || count === n || dimensions <= FEW_DIMENSIONS) return found.k
  const reduced = unitProducts(
    sample,
    principalDirections(points, dimensions, FEW_DIMENSIONS, seed),
    dimensions,
  )
  giveBack(sample)
  const reducedFits = fitsOf(squaredDistances(reduced, FEW_DIMENSIONS), n, candidates)
  const again = compare(reducedFits, candidates, reduced, FEW_DIMENSIONS, seed)
  return again.gain >= FAINT ? again.k : found.k
}

/** The candidate that fits best beside rows of one topic, and by how much its silhouette is better than theirs. */
function compare(
  fits: Fit[],
  candidates: number[],
  sample: Float32Array,
  dimensions: number,
  seed: number,
): { k: number; gain: number } {
  const n = sample.length / dimensions
  // Few rows vary more from draw to draw, and are cheap to draw.
  const draws = Math.max(2, Math.min(20, Math.ceil(600 / n)))
  const drawn = oneTopicPoints(sample, dimensions, seed, draws).map(set => {
    const distances = squaredDistances(set, dimensions)
    const fits = fitsOf(distances, n, candidates)
    giveBack(set, distances)
    return fits
  })
  const expected = candidates.map((_, at) => mean(drawn.map(fit => fit[at]!.silhouette)))
  const gains = fits.map((fit, at) => fit.silhouette - expected[at]!)
  const byChance = Math.max(...drawn.flatMap(fit => fit.map((f, at) => f.silhouette - expected[at]!)))
  const gain = Math.max(...gains)
  if (gain <= byChance + LEAST_GAIN) return { k: 1, gain }
  const enough = gain - fits[gains.indexOf(gain)]!.standardError
  return { k: candidates[gains.findIndex(other => other >= enough)]!, gain }
}

/** The rows' products with the directions, scaled to unit length. */
function unitProducts(rows: Float32Array, directions: Float32Array, dimensions: number): Float32Array {
  const width = directions.length / dimensions
  const products = new Float32Array((rows.length / dimensions) * width)
  rowProducts(rows, directions, dimensions, products)
  for (let row = 0; row < products.length; row += width) {
    const length = Math.sqrt(dot(products, row, products, row, width)) || 1
    for (let d = 0; d < width; d++) products[row + d]! /= length
  }
  return products
}

/** Every count up to 20, then steps of about 5 %. */
function candidateCounts(most: number): number[] {
  const counts: number[] = []
  for (let k = 2; k <= most; k += Math.max(1, Math.round(k / 20))) counts.push(k)
  return counts
}

interface Fit {
  silhouette: number
  standardError: number
}

function fitsOf(distances: Float32Array, n: number, candidates: number[]): Fit[] {
  const tree = wardTree(distances, n)
  // One for all candidates: an array each would be tens of megabytes until it is collected.
  const sums = new Float64Array(n * Math.max(...candidates))
  const fits = candidates.map(k => {
    const groups = cutTree(tree, k)
    const scores = silhouettes(regroup(distances, groups, k, sums), groups, k)
    const silhouette = mean(scores)
    const variance = mean(scores.map(score => (score - silhouette) ** 2))
    return { silhouette, standardError: Math.sqrt(variance / n) }
  })
  giveBack(sums)
  return fits
}

/**
 * A few rounds of k-means on distances alone: the squared distance to a group's mean is the mean distance to its
 * rows less half the mean distance among them. It costs n², and n for each row that moves.
 * @param groups changed in place
 * @param sums has room for n × k
 * @returns the sums of the distances to the groups, as `distanceSums` gives them
 */
function regroup(distances: Float32Array, groups: Int32Array, k: number, sums: Float64Array): Float64Array {
  const n = groups.length
  distanceSums(distances, groups, k, sums)
  for (let round = 0; round < REGROUP_ROUNDS; round++) {
    const nearest = nearestGroups(sums, groups, k)
    let moved = 0
    for (let row = 0; row < n; row++) {
      const from = groups[row]!
      const to = nearest[row]!
      if (from === to) continue
      moved++
      groups[row] = to
      for (let other = 0; other < n; other++) {
        const distance = distances[row * n + other]!
        sums[other * k + from]! -= distance
        sums[other * k + to]! += distance
      }
    }
    if (moved === 0) break
  }
  return sums
}

function nearestGroups(sums: Float64Array, groups: Int32Array, k: number): Int32Array {
  const sizes = groupSizes(groups, k)
  const within = new Float64Array(k)
  groups.forEach((group, row) => {
    within[group]! += sums[row * k + group]!
  })
  return groups.map((own, row) => {
    let nearest = own
    let least = Infinity
    for (let group = 0; group < k; group++) {
      const size = sizes[group]!
      if (size === 0) continue
      const distance = sums[row * k + group]! / size - within[group]! / (2 * size * size)
      if (distance < least) {
        least = distance
        nearest = group
      }
    }
    return nearest
  })
}
