// Clustering away from the event loop: seconds of arithmetic would stop heartbeats and answers.
import { startThread } from '../../ground/threads.ts'
import { CATEGORIES, type ClusterType } from '../../vocabulary.ts'
import { type FoundGroup, type GroupInput, type PreviousGroup, READ_MOST } from '../engine/cluster-engine.ts'
import { OUTLIER } from '../engine/trim-clusters.ts'
import { lotOf } from '../map/draw-lots.ts'
import type { Plane } from '../map/plane.ts'
import { clusterType, describeCluster } from '../names/describe-cluster.ts'
import type { ClusterLabel } from '../names/label-clusters.ts'
import type { ClusterDocument } from '../names/terms.ts'
import type { GroupedLibrary, GroupRequest, RowsPage } from './cluster-thread.ts'
import type { LabelRequest } from './label-thread.ts'

export interface PreviousCluster extends PreviousGroup {
  label: string
  /** Chosen by the user: stays as long as the cluster does. */
  label_is_custom: boolean
}

/** Some saves of a library, a row each. */
export interface ClusterPage extends Omit<RowsPage, 'lots'> {
  ids: string[]
  /** For each row the place of its category in `CATEGORIES`. */
  categories: Uint8Array
}

export interface ClusterInput extends Omit<GroupInput, keyof RowsPage> {
  /** The rows in their order. The buffers of the vectors move to the thread: nobody can read them afterwards. */
  pages: AsyncIterable<ClusterPage> | Iterable<ClusterPage>
  /** No fewer rows than the pages have together. */
  most: number
  previous: PreviousCluster[]
  /** The plane of the map as it was. */
  previous_plane: Plane | undefined
}

export interface Cluster extends FoundGroup {
  label: string
  short_description: string
  keywords: string[]
  cluster_type: ClusterType
  /** Of its most central members. */
  titles: string[]
}

export interface ClusterResult extends Omit<GroupedLibrary, 'found'> {
  /** Of the rows. */
  ids: string[]
  /** The largest first. */
  clusters: Cluster[]
}

const MOST_TITLES = 8

/**
 * Groups a library and names its groups, each in a thread of its own that ends with its work, so that a big run's
 * memory goes back. Rows go to the thread while they are read: this thread never holds the vectors of more than a page.
 * @param readDocuments what is known of these saves, in their order; one that is gone is left out
 * @throws {RangeError} when the lengths in a page do not agree, or an error when a thread died
 */
export async function clusterInThread(
  input: ClusterInput,
  readDocuments: (ids: string[]) => Promise<ClusterDocument[]>,
): Promise<ClusterResult> {
  const { previous } = input
  const ids: string[] = []
  const categories = new Uint8Array(input.most)
  const { found, ...rest } = await groupInThread(input, ids, categories)
  if (found.length === 0) return { ...rest, ids, clusters: [] }

  const kept = found.map(({ id, is_same }) => {
    const old = previous.find(cluster => cluster.id === id)
    return old && (old.label_is_custom || is_same) ? old.label : undefined
  })
  const outliers = firstOutliers(rest.groups)
  const named = await nameInThread(
    found.map(({ central }) => central),
    outliers,
    kept,
    rows => readDocuments(Array.from(rows, row => ids[row]!)),
  )

  const counts = found.map(() => new Uint32Array(CATEGORIES.length))
  for (const [row, group] of rest.groups.entries()) {
    if (group !== OUTLIER) counts[group]![categories[row]!]!++
  }
  const clusters = found.map((group, at) => {
    const { label, keywords, titles } = named[at]!
    const cluster_type = clusterType(counts[at]!)
    const short_description = describeCluster(label, keywords, cluster_type, group.size)
    return { ...group, label, short_description, keywords, cluster_type, titles }
  })
  return { ...rest, ids, clusters }
}

/** @param ids is filled with those of the rows, as `categories` is */
async function groupInThread(
  { pages, most, previous, previous_plane, ...options }: ClusterInput,
  ids: string[],
  categories: Uint8Array,
): Promise<GroupedLibrary> {
  const { dimensions } = options
  const thread = startThread<GroupRequest, GroupedLibrary>(new URL('./cluster-thread.ts', import.meta.url))
  try {
    for await (const page of pages) {
      const { vectors, present } = page
      categories.set(page.categories, ids.length)
      ids.push(...page.ids)
      const lots = Float64Array.from(page.ids, lotOf)
      await thread.call({ page: { vectors, present, lots }, most, dimensions }, [
        vectors.buffer as ArrayBuffer,
      ])
    }
    const groups = previous.map(({ id, size, centroid }) => ({ id, size, centroid }))
    return await thread.call({ options: { ...options, previous: groups }, previous_plane })
  } finally {
    await thread.close()
  }
}

/**
 * Documents go to the thread group by group: all at once held up the event loop.
 * @param kept for each group the label that it keeps, if any
 */
async function nameInThread(
  groups: Int32Array[],
  outliers: Int32Array,
  kept: (string | undefined)[],
  readDocuments: (rows: Int32Array) => Promise<ClusterDocument[]>,
): Promise<(ClusterLabel & Pick<Cluster, 'titles'>)[]> {
  const thread = startThread<LabelRequest, ClusterLabel[]>(new URL('./label-thread.ts', import.meta.url))
  try {
    const titles: string[][] = []
    for (const rows of groups) {
      const documents = await readDocuments(rows)
      titles.push(
        documents.flatMap(({ title, topic_main }) => title ?? topic_main ?? []).slice(0, MOST_TITLES),
      )
      await thread.call({ group: JSON.stringify(documents) })
    }
    const labels = await thread.call({ others: JSON.stringify(await readDocuments(outliers)), kept })
    return labels.map((label, at) => ({ ...label, titles: titles[at]! }))
  } finally {
    await thread.close()
  }
}

function firstOutliers(groups: Int32Array): Int32Array {
  const rows: number[] = []
  for (let row = 0; row < groups.length && rows.length < READ_MOST; row++) {
    if (groups[row] === OUTLIER) rows.push(row)
  }
  return Int32Array.from(rows)
}
