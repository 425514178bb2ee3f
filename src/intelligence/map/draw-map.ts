// The map of a library after a run of clustering.
import type { Sql } from '../../database/connection.ts'
import { startThread } from '../../threads.ts'
import { EMBEDDING_DIMENSIONS } from '../../vocabulary.ts'
import type { Plane, PlaneInput } from './plane.ts'
import { findPlaneOf, findSample } from './store.ts'

/**
 * The plane that shows these groups best, turned so that the map looks like the one before. Reads, writes nothing; the
 * arithmetic (a quarter of a second for a thousand saves) is done in a thread of its own.
 * @param saves the ids of the run's saves, ascending
 * @param groups for each of them its group, as the run made them, kept or not; −1 for one of none
 * @returns undefined when no save has a vector of `model`: the map stays as it is
 */
export async function drawMap(
  sql: Sql,
  userId: string,
  model: string,
  saves: string[],
  groups: Int32Array,
): Promise<Plane | undefined> {
  const { ids, vectors } = await findSample(sql, userId, model)
  if (ids.length === 0) return undefined
  const input: PlaneInput = {
    vectors,
    dimensions: EMBEDDING_DIMENSIONS,
    groups: Int32Array.from(ids, id => groups[placeOf(saves, id)] ?? -1),
    previous: await findPlaneOf(sql, userId, model),
  }
  const thread = startThread<PlaneInput, Plane>(new URL('./plane-thread.ts', import.meta.url))
  try {
    return await thread.call(input, [vectors.buffer as ArrayBuffer])
  } finally {
    await thread.close()
  }
}

/** Where `id` is in the ascending list, or −1: a thousand look-ups need no map of fifty thousand. */
function placeOf(sorted: string[], id: string): number {
  let [from, to] = [0, sorted.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (sorted[middle]! < id) from = middle + 1
    else to = middle
  }
  return sorted[from] === id ? from : -1
}
