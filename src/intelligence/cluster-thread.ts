// The worker thread that groups the rows of a library. Started by `clusterInThread`.
import { giveWay, serveThread } from '../threads.ts'
import { type GroupInput, groupLibrary, type LibraryGroups } from './cluster-engine.ts'

export interface RowsPage {
  vectors: Float32Array
  present: Int32Array
}

/** First the rows, page by page, which are given no answer but that they are taken; then what to do with them. */
export type GroupRequest =
  | { page: RowsPage; most: number; dimensions: number }
  | { options: Omit<GroupInput, keyof RowsPage> }

let rows: RowsPage = { vectors: new Float32Array(0), present: new Int32Array(0) }
let count = 0

giveWay()
serveThread<GroupRequest, LibraryGroups | undefined>(request => {
  if ('options' in request) {
    const { vectors, present } = rows
    const { dimensions } = request.options
    return groupLibrary({
      ...request.options,
      vectors: vectors.subarray(0, count * dimensions),
      present: present.subarray(0, count),
    })
  }
  const { page, most, dimensions } = request
  if (page.vectors.length !== page.present.length * dimensions) {
    throw new RangeError(
      `${page.present.length} rows need ${page.present.length * dimensions} numbers, not ${page.vectors.length}`,
    )
  }
  // All of them in one piece, and once: a second copy of a big library is a hundred megabytes.
  if (count === 0) rows = { vectors: new Float32Array(most * dimensions), present: new Int32Array(most) }
  rows.vectors.set(page.vectors, count * dimensions)
  // Given back at once: pages that wait for the collector would be a second copy of the library.
  ;(page.vectors.buffer as ArrayBuffer).transfer(0)
  rows.present.set(page.present, count)
  count += page.present.length
  return undefined
})
