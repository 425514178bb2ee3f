// K-means over a Float32Array, from starts that a Ward tree of a sample gives.
import { kmeans as kmeansOfRows } from 'ml-kmeans'
import { assignToNearest, dot, groupMeans, squaredDistances } from './nearest-centroids.ts'
import { sampleRows } from './seeded-random.ts'
import { groupSizes, takeRows } from './silhouette.ts'
import { cutTree, wardTree } from './ward-tree.ts'

const START_ROWS = 1500
const MOST_ITERATIONS = 100
/**
 * Up to this many rows ml-kmeans does the iterations. It wants an array a row, and a number as 8 bytes: above
 * this the copy costs three times the vectors' memory, and our own loop takes half the time for the same answer.
 */
const SMALL_LIBRARY = 2000

export interface KmeansResult {
  /** The cluster of each row, 0 to k − 1. */
  assignments: Int32Array
  /** The means of the clusters, row-major k × dimensions; not scaled to unit length. */
  centroids: Float32Array
  /** The sum of the rows' squared distances to their centroids. */
  inertia: number
  iterations: number
}

/**
 * Lloyd's k-means, started from the groups that Ward's linkage finds in a seeded sample of at most 1,500 rows:
 * a lower inertia than random starts give, in one run. The same seed gives the same answer on every runtime.
 * No cluster is empty; there are fewer than `k` only when there are fewer rows.
 * On unit vectors squared distance is 2(1 − cosine), so the clusters are those of cosine similarity.
 * @param points row-major n × dimensions
 */
export function kmeans({
  points,
  dimensions,
  k,
  seed,
}: {
  points: Float32Array
  dimensions: number
  k: number
  seed: number
}): KmeansResult {
  const n = points.length / dimensions
  const count = Math.min(k, n)
  const starts = startingCentroids(points, dimensions, count, seed)
  const found =
    n <= SMALL_LIBRARY ? smallKmeans(points, dimensions, starts) : lloyd(points, dimensions, starts)
  const assignments = new Int32Array(n)
  assignToNearest(points, dimensions, found.centroids, assignments)
  fillEmpty(points, dimensions, found.centroids, assignments)
  const centroids = groupMeans(points, dimensions, assignments, count)
  return {
    assignments,
    centroids,
    inertia: inertiaOf(points, dimensions, centroids, assignments),
    iterations: found.iterations,
  }
}

function startingCentroids(points: Float32Array, dimensions: number, k: number, seed: number): Float32Array {
  const sample = takeRows(points, dimensions, sampleRows(points.length / dimensions, START_ROWS, seed))
  const rows = sample.length / dimensions
  // More clusters than sampled rows: the sampled rows themselves come first, further rows follow.
  if (k >= rows) return points.slice(0, k * dimensions)
  return groupMeans(sample, dimensions, cutTree(wardTree(squaredDistances(sample, dimensions), rows), k), k)
}

/** Lloyd's iterations until no row moves. @param centroids changed in place */
export function lloyd(
  points: Float32Array,
  dimensions: number,
  starts: Float32Array,
): { centroids: Float32Array; iterations: number } {
  const assignments = new Int32Array(points.length / dimensions).fill(-1)
  let centroids = starts
  for (let iterations = 1; ; iterations++) {
    const moved = assignToNearest(points, dimensions, centroids, assignments)
    if (moved === 0 || iterations === MOST_ITERATIONS) return { centroids, iterations }
    centroids = groupMeans(points, dimensions, assignments, starts.length / dimensions, centroids)
  }
}

function smallKmeans(
  points: Float32Array,
  dimensions: number,
  starts: Float32Array,
): { centroids: Float32Array; iterations: number } {
  const found = kmeansOfRows(rowsOf(points, dimensions), starts.length / dimensions, {
    initialization: rowsOf(starts, dimensions),
    maxIterations: MOST_ITERATIONS,
  })
  return { centroids: Float32Array.from(found.centroids.flat()), iterations: found.iterations }
}

function rowsOf(points: Float32Array, dimensions: number): number[][] {
  return Array.from({ length: points.length / dimensions }, (_, row) =>
    Array.from(points.subarray(row * dimensions, (row + 1) * dimensions)),
  )
}

/** Gives every empty cluster the row that lies farthest from its centroid, out of a cluster that can spare it. */
function fillEmpty(
  points: Float32Array,
  dimensions: number,
  centroids: Float32Array,
  assignments: Int32Array,
): void {
  const sizes = groupSizes(assignments, centroids.length / dimensions)
  for (let cluster = 0; cluster < sizes.length; cluster++) {
    if (sizes[cluster]! > 0) continue
    let farthest = -1
    let most = -1
    for (let row = 0; row < assignments.length; row++) {
      if (sizes[assignments[row]!]! < 2) continue
      const distance = squaredDistance(points, row, centroids, assignments[row]!, dimensions)
      if (distance > most) {
        most = distance
        farthest = row
      }
    }
    sizes[assignments[farthest]!]!--
    sizes[cluster] = 1
    assignments[farthest] = cluster
    centroids.set(points.subarray(farthest * dimensions, (farthest + 1) * dimensions), cluster * dimensions)
  }
}

function inertiaOf(
  points: Float32Array,
  dimensions: number,
  centroids: Float32Array,
  assignments: Int32Array,
): number {
  let inertia = 0
  for (let row = 0; row < assignments.length; row++) {
    inertia += squaredDistance(points, row, centroids, assignments[row]!, dimensions)
  }
  return inertia
}

function squaredDistance(
  points: Float32Array,
  row: number,
  centroids: Float32Array,
  cluster: number,
  dimensions: number,
): number {
  const a = row * dimensions
  const b = cluster * dimensions
  return Math.max(
    0,
    dot(points, a, points, a, dimensions) +
      dot(centroids, b, centroids, b, dimensions) -
      2 * dot(points, a, centroids, b, dimensions),
  )
}
