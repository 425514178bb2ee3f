// The map of a library after a run of clustering.
import type { Sql } from '../../database/connection.ts'
import { startThread } from '../../threads.ts'
import { EMBEDDING_DIMENSIONS } from '../../vocabulary.ts'
import type { Plane, PlaneInput } from './plane.ts'
import { findPlaneOf, findSample } from './store.ts'

/**
 * The plane that shows these groups best, turned so that the map looks like the one before. Reads, writes nothing; the
 * arithmetic (a quarter of a second for a thousand saves) is done in a thread of its own.
 * @param saves the ids of the run's saves
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
  const places = new Map(ids.map((id, place) => [id, place]))
  const sampled = new Int32Array(ids.length).fill(-1)
  for (const [row, id] of saves.entries()) {
    const place = places.get(id)
    if (place !== undefined) sampled[place] = groups[row]!
  }
  const input: PlaneInput = {
    vectors,
    dimensions: EMBEDDING_DIMENSIONS,
    groups: sampled,
    previous: await findPlaneOf(sql, userId, model),
  }
  const thread = startThread<PlaneInput, Plane>(new URL('./plane-thread.ts', import.meta.url))
  try {
    return await thread.call(input, [vectors.buffer as ArrayBuffer])
  } finally {
    await thread.close()
  }
}
