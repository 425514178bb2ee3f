// Groups a library: from the vectors and texts of a user's saves to named clusters. Pure, no I/O.
import type { ClusterType } from '../vocabulary.ts'
import { clusterType, describeCluster } from './describe-cluster.ts'
import { groupRows } from './group-rows.ts'
import { labelClusters } from './label-clusters.ts'
import { matchClusters } from './match-clusters.ts'
import type { ClusterDocument } from './terms.ts'
import { OUTLIER, type Points, similarityTo, unitCentroids } from './trim-clusters.ts'

export type { ClusterDocument } from './terms.ts'

export interface PreviousCluster {
  id: string
  label: string
  /** Chosen by the user: stays as long as the cluster does. */
  label_is_custom: boolean
  members: string[]
  centroid: Float32Array
}

export interface ClusterInput {
  ids: string[]
  /** A unit vector for each id, row-major ids × dimensions. */
  vectors: Float32Array
  dimensions: number
  /** One for each id. */
  documents: ClusterDocument[]
  previous: PreviousCluster[]
  /** With fewer ids there are no clusters. */
  min_items: number
  seed: number
}

export interface Cluster {
  /** The previous cluster that this one continues; `undefined` for a new one. */
  id: string | undefined
  label: string
  short_description: string
  keywords: string[]
  cluster_type: ClusterType
  /** At unit length. */
  centroid: Float32Array
  /** The most similar first; `similarity` is the cosine to the centroid. */
  members: { id: string; similarity: number }[]
}

export interface ClusterResult {
  /** The largest first. */
  clusters: Cluster[]
  /** Ids of no cluster, in the order of the input. */
  outliers: string[]
  /** The mean cosine silhouette of the grouping, over a sample of at most 800 saves. */
  silhouette: number
}

/** A name is read from so many of a cluster's members, the most central: the rest would only cost memory. */
const READ_MOST = 300

/** A cluster with this share of its members, old and new, in common keeps its label. */
const SAME_GROUP = 0.5

/**
 * Clusters a library. The same input gives the same result, on every runtime; and with its own result as
 * `previous`, unchanged saves give the same clusters, ids, labels and members again. A few new saves join the
 * clusters that are there; those are replaced only when grouping anew fits clearly better.
 * @throws {RangeError} when the lengths of `ids`, `vectors` and `documents` do not agree
 */
export function clusterLibrary(input: ClusterInput): ClusterResult {
  const { ids, dimensions, documents, previous } = input
  if (input.vectors.length !== ids.length * dimensions || documents.length !== ids.length) {
    throw new RangeError(
      `${ids.length} ids need as many documents (${documents.length}) and ${ids.length * dimensions} numbers (${input.vectors.length})`,
    )
  }
  if (ids.length < Math.max(1, input.min_items)) return { clusters: [], outliers: [...ids], silhouette: 0 }

  const rows: Points = { points: input.vectors, dimensions }
  const present = presentGroups(ids, previous)
  const { groups, k, silhouette } = groupRows(rows, present.groups, present.k, input.seed)
  const clusters = membersOf(rows, groups, k)
  const next = clusters.map(({ centroid, members }) => ({
    centroid,
    members: members.map(({ row }) => ids[row]!),
  }))
  const matched = matchClusters(previous, next)
  const labels = labelClusters(
    clusters.map(({ members }) => members.slice(0, READ_MOST).map(({ row }) => documents[row]!)),
    documents.filter((_, row) => groups[row] === OUTLIER).slice(0, READ_MOST),
    keptLabels(previous, next, matched),
  )

  return {
    clusters: clusters.map(({ centroid, members }, at) => {
      const { label, keywords } = labels[at]!
      const cluster_type = clusterType(members.map(({ row }) => documents[row]!))
      return {
        id: matched[at],
        label,
        short_description: describeCluster(label, keywords, cluster_type, members.length),
        keywords,
        cluster_type,
        centroid,
        members: members.map(({ row, similarity }) => ({ id: ids[row]!, similarity })),
      }
    }),
    outliers: ids.filter((_, row) => groups[row] === OUTLIER),
    silhouette,
  }
}

/** The previous clusters as groups of rows; a cluster that has lost all but one member is no group. */
function presentGroups(ids: string[], previous: PreviousCluster[]): { groups: Int32Array; k: number } {
  const rowOf = new Map(ids.map((id, row) => [id, row]))
  const groups = new Int32Array(ids.length).fill(OUTLIER)
  let k = 0
  for (const { members } of previous) {
    const rows = members.flatMap(id => rowOf.get(id) ?? []).filter(row => groups[row] === OUTLIER)
    if (rows.length < 2) continue
    for (const row of rows) groups[row] = k
    k++
  }
  return { groups, k }
}

/** The clusters, the largest first (then by first row), each with its members, the most similar first. */
function membersOf(rows: Points, groups: Int32Array, k: number) {
  const centroids = unitCentroids(rows, groups, k)
  const clusters = Array.from({ length: k }, (_, group) => ({
    centroid: centroids.slice(group * rows.dimensions, (group + 1) * rows.dimensions),
    members: [] as { row: number; similarity: number }[],
  }))
  groups.forEach((group, row) => {
    if (group !== OUTLIER) {
      clusters[group]!.members.push({ row, similarity: similarityTo(rows, row, centroids, group) })
    }
  })
  clusters.sort((a, b) => b.members.length - a.members.length || a.members[0]!.row - b.members[0]!.row)
  for (const { members } of clusters) members.sort((a, b) => b.similarity - a.similarity || a.row - b.row)
  return clusters
}

/** The label that each cluster keeps, if any: one that the user chose, or that of mostly the same members. */
function keptLabels(
  previous: PreviousCluster[],
  next: { members: string[] }[],
  matched: (string | undefined)[],
): (string | undefined)[] {
  const byId = new Map(previous.map(cluster => [cluster.id, cluster]))
  return next.map(({ members }, at) => {
    const old = byId.get(matched[at] ?? '')
    if (!old || old.label_is_custom) return old?.label
    const before = new Set(old.members)
    const common = members.filter(id => before.has(id)).length
    return common > SAME_GROUP * Math.max(members.length, before.size) ? old.label : undefined
  })
}
