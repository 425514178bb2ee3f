// The map of a library after a run of clustering.
import type { Sql } from '../../database/connection.ts'
import { startThread } from '../../threads.ts'
import { EMBEDDING_DIMENSIONS } from '../../vocabulary.ts'
import type { Plane, PlaneInput } from './plane.ts'
import { findPlaneOf, readVectors } from './store.ts'

/** The axes of a big library are those of so many of its saves. */
const SAMPLE = 1000
/** Hexadecimal digits at the end of a UUIDv7: random, and as many as a number holds exactly. */
const TAIL = 12

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
  const { ids, vectors } = await readVectors(sql, userId, model, sampleOf(saves))
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

/**
 * Always the same part of many saves, in the same order: one that has nothing to do with time, and that new saves do not
 * upset.
 */
export function sampleOf(saves: string[]): string[] {
  const tails = Float64Array.from(saves, id => Number.parseInt(id.slice(-TAIL), 16))
  const last = tails.toSorted()[SAMPLE - 1] ?? Number.POSITIVE_INFINITY
  return [...saves.keys()]
    .filter(at => tails[at]! <= last)
    .sort((a, b) => tails[a]! - tails[b]!)
    .slice(0, SAMPLE)
    .map(at => saves[at]!)
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
