// Which saves of a big library the map is laid through: a few of them show how all of them lie.

/** The axes of a big library are those of so many of its saves. */
const SAMPLE = 1000
/** Hexadecimal digits at the end of a UUIDv7: random, and as many as a number holds exactly. */
const TAIL = 12

/** The lot of a save, by its id: it keeps it, and it has nothing to do with time. */
export const lotOf = (id: string): number => Number.parseInt(id.slice(-TAIL), 16)

/**
 * The rows with the lowest lots, the lowest first; all of them when there are few. Always the same part of a library,
 * and one that new saves do not upset.
 */
export function drawLots(lots: Float64Array): Int32Array {
  const last = lots.toSorted()[SAMPLE - 1] ?? Number.POSITIVE_INFINITY
  const rows: number[] = []
  for (const [row, lot] of lots.entries()) if (lot <= last) rows.push(row)
  rows.sort((a, b) => lots[a]! - lots[b]!)
  return Int32Array.from(rows.slice(0, SAMPLE))
}
