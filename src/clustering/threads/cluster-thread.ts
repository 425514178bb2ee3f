// The worker thread that groups the rows of a library and lays its map. Started by `clusterInThread`.
import { giveWay, serveThread } from '../../ground/threads.ts'
import { type GroupInput, groupLibrary, type LibraryGroups } from '../engine/cluster-engine.ts'
import { takeRows } from '../engine/kmeans/nearest-centroids.ts'
import { drawLots } from '../map/draw-lots.ts'
import { findPlane, type Plane } from '../map/plane.ts'

export interface RowsPage {
  vectors: Float32Array
  present: Int32Array
  /** For each row a number of its own that means nothing: what of a big library is drawn on the map hangs on it. */
  lots: Float64Array
}

/** First the rows, page by page, which are given no answer but that they are taken; then what to do with them. */
export type GroupRequest =
  | { page: RowsPage; most: number; dimensions: number }
  | { options: Omit<GroupInput, keyof RowsPage>; previous_plane: Plane | undefined }

export interface GroupedLibrary extends LibraryGroups {
  /** Shows these groups best; undefined when there are no rows. */
  plane: Plane | undefined
}

let rows: RowsPage = { vectors: new Float32Array(0), present: new Int32Array(0), lots: new Float64Array(0) }
let count = 0

giveWay()
serveThread<GroupRequest, GroupedLibrary | undefined>(request => {
  if ('options' in request) {
    const { dimensions } = request.options
    const vectors = rows.vectors.subarray(0, count * dimensions)
    const grouped = groupLibrary({ ...request.options, vectors, present: rows.present.subarray(0, count) })
    return { ...grouped, plane: planeOf(vectors, dimensions, grouped.groups, request.previous_plane) }
  }
  const { page, most, dimensions } = request
  if (page.vectors.length !== page.present.length * dimensions) {
    throw new RangeError(
      `${page.present.length} rows need ${page.present.length * dimensions} numbers, not ${page.vectors.length}`,
    )
  }
  // All of them in one piece, and once: a second copy of a big library is a hundred megabytes.
  if (count === 0) {
    rows = {
      vectors: new Float32Array(most * dimensions),
      present: new Int32Array(most),
      lots: new Float64Array(most),
    }
  }
  rows.vectors.set(page.vectors, count * dimensions)
  // Given back at once: pages that wait for the collector would be a second copy of the library.
  ;(page.vectors.buffer as ArrayBuffer).transfer(0)
  rows.present.set(page.present, count)
  rows.lots.set(page.lots, count)
  count += page.present.length
  return undefined
})

function planeOf(
  vectors: Float32Array,
  dimensions: number,
  groups: Int32Array,
  previous: Plane | undefined,
): Plane | undefined {
  if (count === 0) return undefined
  const sample = drawLots(rows.lots.subarray(0, count))
  return findPlane({
    vectors: takeRows(vectors, dimensions, sample),
    dimensions,
    groups: sample.map(row => groups[row]!),
    previous,
  })
}
