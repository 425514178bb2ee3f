// Which rows belong to a cluster, and which stay out rather than spoil one. Rows are unit vectors.
import { dot, groupMeans, squaredLengths, visitProducts } from './nearest-centroids.ts'
import { groupSizes } from './silhouette.ts'

/** Stands for the cluster of a row that is in none. */
export const OUTLIER = -1

/** A row must be this much nearer to its centroid than to the next one (a silhouette: 0 is halfway, 1 is on it). */
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
 * @returns the cluster of each row, numbered anew without gaps, or `OUTLIER`
 */
export function trimClusters(rows: Points, groups: Int32Array, k: number, least: number): Int32Array {
  const squares = squaredLengths(groupMeans(rows.points, rows.dimensions, groups, k), rows.dimensions)
  const sizes = groupSizes(groups, k)
  const nearest = new Int32Array(groups.length)
  const similarities = new Float64Array(groups.length)
  const margins = new Float64Array(groups.length)
  visitPlaces(rows, unitCentroids(rows, groups, k), (row, place) => {
    const own = groups[row]!
    // A member pulls its own centroid near: what counts is its nearness to the others.
    if (place.group === own) {
      place.similarity = similarityToOthers(place.similarity, Math.sqrt(squares[own]!), sizes[own]!)
    }
    nearest[row] = place.group
    similarities[row] = place.similarity
    margins[row] = marginOf(place)
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
    const centroids = unitCentroids(rows, joined, k)
    const similarities = new Float64Array(joined.length)
    joined.forEach((group, row) => {
      if (group !== OUTLIER) similarities[row] = similarityTo(rows, row, centroids, group)
    })
    const floors = similaritiesByGroup(joined, similarities, k).map(
      inside => quantile(inside, JOIN_QUANTILE) - ROUNDING,
    )
    const join = (row: number, place: Place) => {
      if (place.similarity < floors[place.group]! || marginOf(place) < LEAST_MARGIN) return
      joined[row] = place.group
      moved++
    }
    visitPlaces(rows, centroids, join, outliersOf(joined))
  }
  return joined
}

/** Every row in its cluster, rows of none in the nearest one. */
export function withoutOutliers(rows: Points, groups: Int32Array, k: number): Int32Array {
  const whole = groups.slice()
  const join = (row: number, { group }: Place) => {
    whole[row] = group
  }
  visitPlaces(rows, unitCentroids(rows, groups, k), join, outliersOf(groups))
  return whole
}

function outliersOf(groups: Int32Array): Int32Array {
  return Int32Array.from(groups.keys()).filter(row => groups[row] === OUTLIER)
}

/** The mean direction of each cluster's rows, at unit length; zeros for a cluster without rows. */
export function unitCentroids(rows: Points, groups: Int32Array, k: number): Float32Array {
  const { dimensions } = rows
  const centroids = groupMeans(rows.points, dimensions, groups, k)
  for (let at = 0; at < centroids.length; at += dimensions) {
    const length = Math.sqrt(dot(centroids, at, centroids, at, dimensions))
    if (length > 0) for (let d = 0; d < dimensions; d++) centroids[at + d]! /= length
  }
  return centroids
}

/** The cosine of a row and a centroid. */
export function similarityTo(rows: Points, row: number, centroids: Float32Array, group: number): number {
  return dot(rows.points, row * rows.dimensions, centroids, group * rows.dimensions, rows.dimensions)
}

/** From a member's cosine to its cluster's centroid, that to the mean of the other rows; 0 when there are none. */
function similarityToOthers(similarity: number, meanLength: number, size: number): number {
  const product = size * meanLength * similarity
  const squaredLength = (size * meanLength) ** 2 - 2 * product + 1
  return squaredLength > 1e-9 ? (product - 1) / Math.sqrt(squaredLength) : 0
}

interface Place {
  group: number
  similarity: number
  /** The similarity to the next centroid; −∞ when there is none. */
  next: number
}

/** How much nearer the centroid is than the next one, between −1 and 1: a silhouette. */
function marginOf({ similarity, next }: Place): number {
  return next === -Infinity ? 1 : (similarity - next) / Math.max(1 - similarity, 1 - next, 1e-12)
}

/** Calls `visit` with the nearest centroid of each row, one object for all. @param some the row numbers; all when left out */
function visitPlaces(
  { points, dimensions }: Points,
  centroids: Float32Array,
  visit: (row: number, place: Place) => void,
  some?: Int32Array,
): void {
  const k = centroids.length / dimensions
  const place: Place = { group: 0, similarity: 0, next: 0 }
  const nearest = (row: number, products: Float32Array, at: number) => {
    place.group = 0
    place.similarity = -Infinity
    place.next = -Infinity
    for (let group = 0; group < k; group++) {
      const value = products[at + group]!
      if (value > place.similarity) {
        place.next = place.similarity
        place.similarity = value
        place.group = group
      } else if (value > place.next) place.next = value
    }
    visit(row, place)
  }
  visitProducts(points, dimensions, centroids, nearest, some)
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
