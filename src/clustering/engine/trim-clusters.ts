// Which rows belong to a cluster, and which stay out rather than spoil one. Rows are unit vectors.
import { dot, groupMeans, visitProducts } from './kmeans/nearest-centroids.ts'
import { groupSizes } from './silhouette.ts'

/** Stands for the cluster of a row that is in none. */
export const OUTLIER = -1

/**
 * A row must be this much nearer to the middle of its cluster than to the next one, and this much more like its members
 * than those of another, on average (silhouettes by cosine: 0 is halfway, 1 is on it). Nearness to the middle alone would
 * let a loose cluster keep what is more like others.
 */
const LEAST_MARGIN = 0.01
/** A row may be this many robust standard deviations less similar than the median member. */
const FAR_OUT = 2.5
/** A newcomer joins when it is at least as similar as the lowest tenth of the members. */
const JOIN_QUANTILE = 0.1
/** Spares equal rows, whose similarities differ by rounding alone. */
const ROUNDING = 1e-6

/** Rows, row-major n × dimensions. */
export interface Points {
  points: Float32Array
  dimensions: number
}

/**
 * Moves every row to the cluster nearest by cosine, takes out those between clusters or far from their own, and
 * dissolves clusters of fewer than `least` rows.
 * @param groups the cluster of each row, 0 to k − 1
 * @returns the cluster of each row, numbered again without gaps, or `OUTLIER`
 */
export function trimClusters(rows: Points, groups: Int32Array, k: number, least: number): Int32Array {
  const centers = centersOf(rows, groups, k)
  const nearest = new Int32Array(groups.length)
  const similarities = new Float64Array(groups.length)
  const margins = new Float64Array(groups.length)
  visitPlaces(rows, centers, groups, (row, place) => {
    nearest[row] = place.group
    similarities[row] = place.similarity
    margins[row] = place.margin
  })
  const floors = similaritiesByGroup(nearest, similarities, k).map(inside => {
    const median = quantile(inside, 0.5)
    const deviations = inside.map(value => Math.abs(value - median)).sort()
    // 1.4826 turns the median deviation of normal numbers into their standard deviation.
    return median - FAR_OUT * 1.4826 * quantile(deviations, 0.5) - ROUNDING
  })
  const kept = nearest.map((group, row) =>
    similarities[row]! >= floors[group]! && margins[row]! >= LEAST_MARGIN ? group : OUTLIER,
  )
  return withoutSmall(kept, k, least)
}

/**
 * Lets rows of no cluster join the nearest one when they are as near as its members are, until nobody joins: a
 * second call with the same rows changes nothing. No member leaves.
 */
export function joinClusters(rows: Points, groups: Int32Array, k: number): Int32Array {
  const joined = groups.slice()
  for (let moved = 1; moved > 0; ) {
    moved = 0
    const centers = centersOf(rows, joined, k)
    const similarities = new Float64Array(joined.length)
    joined.forEach((group, row) => {
      if (group !== OUTLIER) similarities[row] = similarityTo(rows, row, centers.units, group)
    })
    const floors = similaritiesByGroup(joined, similarities, k).map(
      inside => quantile(inside, JOIN_QUANTILE) - ROUNDING,
    )
    const join = (row: number, place: Place) => {
      if (place.similarity < floors[place.group]! || place.margin < LEAST_MARGIN) return
      joined[row] = place.group
      moved++
    }
    visitPlaces(rows, centers, joined, join, outliersOf(joined))
  }
  return joined
}

/** Every row in its cluster, rows of none in the nearest one. */
export function withoutOutliers(rows: Points, groups: Int32Array, k: number): Int32Array {
  const whole = groups.slice()
  const join = (row: number, { group }: Place) => {
    whole[row] = group
  }
  visitPlaces(rows, centersOf(rows, groups, k), groups, join, outliersOf(groups))
  return whole
}

function outliersOf(groups: Int32Array): Int32Array {
  // Without an iterator: its results for fifty thousand rows are megabytes until they are collected.
  const rows = new Int32Array(groups.length)
  let count = 0
  for (let row = 0; row < groups.length; row++) if (groups[row] === OUTLIER) rows[count++] = row
  return rows.subarray(0, count)
}

/** The means of the clusters' rows. */
interface Centers {
  /** Their directions, at unit length; zeros for a cluster without rows. */
  units: Float32Array
  /** How long they are: a row's likeness to the members, on average, is that to the direction times this. */
  lengths: Float64Array
  sizes: ArrayLike<number>
}

function centersOf(rows: Points, groups: Int32Array, k: number): Centers {
  const { dimensions } = rows
  const units = groupMeans(rows.points, dimensions, groups, k)
  const lengths = new Float64Array(k)
  for (let group = 0; group < k; group++) {
    const at = group * dimensions
    const length = Math.sqrt(dot(units, at, units, at, dimensions))
    lengths[group] = length
    if (length > 0) for (let d = 0; d < dimensions; d++) units[at + d]! /= length
  }
  return { units, lengths, sizes: groupSizes(groups, k) }
}

/** The mean direction of each cluster's rows, at unit length; zeros for a cluster without rows. */
export const unitCentroids = (rows: Points, groups: Int32Array, k: number): Float32Array =>
  centersOf(rows, groups, k).units

/** The cosine of a row and a centroid. */
export function similarityTo(rows: Points, row: number, centroids: Float32Array, group: number): number {
  return dot(rows.points, row * rows.dimensions, centroids, group * rows.dimensions, rows.dimensions)
}

interface Place {
  /** The cluster whose direction is nearest. */
  group: number
  /** To that direction; of a member to that of the others. */
  similarity: number
  /** How much nearer it is than the next one, by direction or by likeness to the members: the smaller silhouette. */
  margin: number
}

/** From a member's cosine to its cluster's direction, that to the direction of the others; 0 when there are none. */
function similarityToOthers(similarity: number, meanLength: number, size: number): number {
  const product = size * meanLength * similarity
  const squaredLength = (size * meanLength) ** 2 - 2 * product + 1
  return squaredLength > 1e-9 ? (product - 1) / Math.sqrt(squaredLength) : 0
}

/** How much larger the first is than the next, between −1 and 1; 1 when there is no other. */
const silhouette = (first: number, next: number): number =>
  next === -Infinity ? 1 : (first - next) / Math.max(1 - first, 1 - next, 1e-12)

/** Calls `visit` with the place of each row, one object for all. @param some the row numbers; all when left out */
function visitPlaces(
  { points, dimensions }: Points,
  { units, lengths, sizes }: Centers,
  groups: Int32Array,
  visit: (row: number, place: Place) => void,
  some?: Int32Array,
): void {
  const k = lengths.length
  const place: Place = { group: 0, similarity: 0, margin: 0 }
  const likeness = new Float64Array(k)
  const find = (row: number, products: Float32Array, at: number) => {
    const own = groups[row]!
    let nearest = 0
    for (let group = 0; group < k; group++) {
      const value = products[at + group]!
      if (value > products[at + nearest]!) nearest = group
      likeness[group] = value * lengths[group]!
    }
    // A member is wholly like itself: what counts is its likeness to the others.
    if (own !== OUTLIER) {
      const size = sizes[own]!
      likeness[own] = size > 1 ? (likeness[own]! * size - 1) / (size - 1) : 0
    }
    const similarity = products[at + nearest]!
    const toOthers = nearest === own ? similarityToOthers(similarity, lengths[own]!, sizes[own]!) : similarity
    let [next, nextAlike] = [-Infinity, -Infinity]
    for (let group = 0; group < k; group++) {
      if (group === nearest) continue
      next = Math.max(next, products[at + group]!)
      nextAlike = Math.max(nextAlike, likeness[group]!)
    }
    place.group = nearest
    place.similarity = toOthers
    place.margin = Math.min(silhouette(toOthers, next), silhouette(likeness[nearest]!, nextAlike))
    visit(row, place)
  }
  visitProducts(points, dimensions, units, find, some)
}

/** The members' similarities of each group, ascending. */
function similaritiesByGroup(groups: Int32Array, similarities: Float64Array, k: number): Float64Array[] {
  const inside = Array.from(groupSizes(groups, k), size => new Float64Array(size))
  const counts = new Int32Array(k)
  groups.forEach((group, row) => {
    if (group !== OUTLIER) inside[group]![counts[group]!++] = similarities[row]!
  })
  for (const values of inside) values.sort()
  return inside
}

/** Dissolves groups of fewer than `least` rows, and numbers the others without gaps. */
function withoutSmall(groups: Int32Array, k: number, least: number): Int32Array {
  const numbers = new Map<number, number>()
  groupSizes(groups, k).forEach((size, group) => {
    if (size >= least) numbers.set(group, numbers.size)
  })
  return groups.map(group => numbers.get(group) ?? OUTLIER)
}

/** @param sorted ascending */
function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0
}
