// K-means over a Float32Array, from starts that a Ward tree of a sample gives.

import { groupSizes } from '../silhouette.ts'
import { lloyd } from './lloyd.ts'
import { dot, giveBack, groupMeans, squaredDistances, takeRows } from './nearest-centroids.ts'
import { sampleRows } from './seeded-random.ts'
import { cutTree, wardTree } from './ward-tree.ts'

const START_ROWS = 1500

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
  const count = Math.min(k, points.length / dimensions)
  const found = lloyd(points, dimensions, startingCentroids(points, dimensions, count, seed))
  return withoutEmpty(points, dimensions, found)
}

function startingCentroids(points: Float32Array, dimensions: number, k: number, seed: number): Float32Array {
  const sample = takeRows(points, dimensions, sampleRows(points.length / dimensions, START_ROWS, seed))
  const rows = sample.length / dimensions
  // More clusters than sampled rows: the sampled rows themselves come first, further rows follow.
  if (k >= rows) return points.slice(0, k * dimensions)
  const distances = squaredDistances(sample, dimensions)
  const means = groupMeans(sample, dimensions, cutTree(wardTree(distances, rows), k), k)
  giveBack(sample, distances)
  return means
}

/** Gives every empty cluster the row that lies farthest from its centroid, out of a cluster that can spare it. */
function withoutEmpty(points: Float32Array, dimensions: number, found: KmeansResult): KmeansResult {
  const k = found.centroids.length / dimensions
  const sizes = groupSizes(found.assignments, k)
  if (sizes.every(size => size > 0)) return found
  const assignments = found.assignments.slice()
  const distances = Array.from(assignments, (group, row) =>
    squaredDistance(points, row, found.centroids, group, dimensions),
  )
  for (let cluster = 0; cluster < k; cluster++) {
    if (sizes[cluster]! > 0) continue
    const farthest = distances.reduce(
      (most, distance, row) =>
        sizes[assignments[row]!]! > 1 && distance > (distances[most] ?? -1) ? row : most,
      -1,
    )
    sizes[assignments[farthest]!]!--
    sizes[cluster] = 1
    assignments[farthest] = cluster
    distances[farthest] = 0
  }
  const centroids = groupMeans(points, dimensions, assignments, k)
  const inertia = assignments.reduce(
    (sum, group, row) => sum + squaredDistance(points, row, centroids, group, dimensions),
    0,
  )
  return { assignments, centroids, inertia, iterations: found.iterations }
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
