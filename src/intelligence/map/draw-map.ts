// The map of a library after a run of clustering.
import type { Sql } from '../../database/connection.ts'
import { startThread } from '../../threads.ts'
import { EMBEDDING_DIMENSIONS } from '../../vocabulary.ts'
import type { Plane, PlaneInput } from './plane.ts'
import { findPlaneOf, findSample } from './store.ts'

/**
 * The plane that shows these groups best, turned so that the map looks like the one before. Reads, writes nothing; the
 * arithmetic (a quarter of a second for a thousand saves) is done in a thread of its own.
 * @param clusters the groups as the run made them, kept or not
 * @returns undefined when no save has a vector of `model`: the map stays as it is
 */
export async function drawMap(
  sql: Sql,
  userId: string,
  model: string,
  clusters: { members: { id: string }[] }[],
): Promise<Plane | undefined> {
  const { ids, vectors } = await findSample(sql, userId, model)
  if (ids.length === 0) return undefined
  const groupOf = new Map(clusters.flatMap(({ members }, i) => members.map(({ id }) => [id, i] as const)))
  const input: PlaneInput = {
    vectors,
    dimensions: EMBEDDING_DIMENSIONS,
    groups: Int32Array.from(ids, id => groupOf.get(id) ?? -1),
    previous: await findPlaneOf(sql, userId, model),
  }
  const thread = startThread<PlaneInput, Plane>(new URL('./plane-thread.ts', import.meta.url))
  try {
    return await thread.call(input, [vectors.buffer as ArrayBuffer])
  } finally {
    await thread.close()
  }
}
