// Groups a library by its vectors alone: which rows belong together, and which of the groups were there before.
// Pure, no I/O. Saves are numbers here, so that nothing but arrays of numbers goes to the thread and back.
import { groupRows } from './group-rows.ts'
import { matchClusters } from './match-clusters.ts'
import { groupSizes } from './silhouette.ts'
import { OUTLIER, type Points, similarityTo, unitCentroids } from './trim-clusters.ts'

export interface PreviousGroup {
  id: string
  /** How many members it has, those included that are no row of this run. */
  size: number
  centroid: Float32Array
}

export interface GroupInput {
  /** A unit vector for each save, row-major. */
  vectors: Float32Array
  dimensions: number
  /** For each row its place in `previous`, or `OUTLIER`. */
  present: Int32Array
  previous: PreviousGroup[]
  /** With fewer rows there are no groups. */
  min_items: number
  seed: number
}

export interface FoundGroup {
  /** The previous group that this one continues; `undefined` for a new one. */
  id: string | undefined
  /** Whether more than half of its members, old and new, are in common with that one. */
  is_same: boolean
  size: number
  /** At unit length. */
  centroid: Float32Array
  /** The rows most similar to the centroid, the most similar first, at most `READ_MOST`. */
  central: Int32Array
}

export interface LibraryGroups {
  /** The largest first. */
  found: FoundGroup[]
  /** For each row its place in `found`, or `OUTLIER`. */
  groups: Int32Array
  /** For each row the cosine to its group's centroid; 0 for a row of none. */
  similarities: Float64Array
  /** The mean cosine silhouette of the grouping, over a sample of at most 800 rows. */
  silhouette: number
}

/** A group's name is read from so many of its members, the most central: the rest would only cost memory. */
export const READ_MOST = 300
/** Of many groups fewer are read, since all are held at once; but no fewer than `READ_LEAST` of each. */
const READ_IN_ALL = 3000
const READ_LEAST = 30

/** A group with this share of its members, old and new, in common is the same one. */
const SAME_GROUP = 0.5

/**
 * Groups a library. The same input gives the same result, on every runtime; and with its own result as `previous`,
 * unchanged rows give the same groups again. A few new rows join the groups that are there; those are replaced only
 * when grouping again fits clearly better.
 * @throws {RangeError} when the lengths of `vectors` and `present` do not agree
 */
export function groupLibrary(input: GroupInput): LibraryGroups {
  const { vectors, dimensions, present, previous } = input
  const count = present.length
  if (vectors.length !== count * dimensions) {
    throw new RangeError(`${count} rows need ${count * dimensions} numbers, not ${vectors.length}`)
  }
  const similarities = new Float64Array(count)
  if (count < Math.max(1, input.min_items)) {
    return { found: [], groups: new Int32Array(count).fill(OUTLIER), similarities, silhouette: 0 }
  }

  const rows: Points = { points: vectors, dimensions }
  const held = heldGroups(present, previous.length)
  const grouping = groupRows(rows, held.groups, held.k, input.seed)
  const groups = largestFirst(grouping.groups, grouping.k)
  const centroids = unitCentroids(rows, groups, grouping.k)
  groups.forEach((group, row) => {
    if (group !== OUTLIER) similarities[row] = similarityTo(rows, row, centroids, group)
  })

  const members = membersOf(groups, grouping.k)
  const next = members.map((rows, group) => ({
    centroid: centroids.slice(group * dimensions, (group + 1) * dimensions),
    members: rows,
  }))
  const before = membersOf(present, previous.length).map((rows, at) => {
    const { id, size, centroid } = previous[at]!
    // Members that are no row count as members that went away.
    return { id, centroid, members: [...rows, ...new Array(Math.max(0, size - rows.length)).fill(OUTLIER)] }
  })
  const matched = matchClusters(before, next)
  const read = Math.min(READ_MOST, Math.max(READ_LEAST, Math.floor(READ_IN_ALL / grouping.k)))
  return {
    found: next.map(({ centroid, members }, group) => {
      const old = previous.findIndex(({ id }) => id === matched[group])
      const common = members.filter(row => present[row] === old).length
      const most = Math.max(members.length, before[old]?.members.length ?? 0)
      const byNearness = members.toSorted((a, b) => similarities[b]! - similarities[a]! || a - b)
      return {
        id: matched[group],
        is_same: old >= 0 && common > SAME_GROUP * most,
        size: members.length,
        centroid,
        central: Int32Array.from(byNearness.slice(0, read)),
      }
    }),
    groups,
    similarities,
    silhouette: grouping.silhouette,
  }
}

/** The previous groups without gaps; one that has lost all but one row is no group. */
function heldGroups(present: Int32Array, count: number): { groups: Int32Array; k: number } {
  const numbers = new Map<number, number>()
  groupSizes(present, count).forEach((size, group) => {
    if (size >= 2) numbers.set(group, numbers.size)
  })
  return { groups: present.map(group => numbers.get(group) ?? OUTLIER), k: numbers.size }
}

/** The same groups numbered again, the largest first, then by first row. */
function largestFirst(groups: Int32Array, k: number): Int32Array {
  const sizes = groupSizes(groups, k)
  const order = Array.from(sizes.keys()).sort(
    (a, b) => sizes[b]! - sizes[a]! || groups.indexOf(a) - groups.indexOf(b),
  )
  const numbers = new Map(order.map((group, at) => [group, at]))
  return groups.map(group => numbers.get(group) ?? OUTLIER)
}

/** The rows of each group, ascending. */
function membersOf(groups: Int32Array, k: number): number[][] {
  const members: number[][] = Array.from({ length: k }, () => [])
  groups.forEach((group, row) => {
    if (group !== OUTLIER) members[group]!.push(row)
  })
  return members
}
