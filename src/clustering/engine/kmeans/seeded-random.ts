// Randomness that can be repeated: the same seed gives the same numbers on every runtime.

/** Uniform numbers in [0, 1) from a 32-bit seed (mulberry32, Tommy Ettinger, public domain). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** `size` different row numbers below `count`, ascending; all of them when there are no more than `size`. */
export function sampleRows(count: number, size: number, seed: number): Int32Array {
  const rows = Int32Array.from({ length: count }, (_, row) => row)
  if (count <= size) return rows
  const random = seededRandom(seed)
  for (let place = 0; place < size; place++) {
    const other = place + Math.floor(random() * (count - place))
    const row = rows[other]!
    rows[other] = rows[place]!
    rows[place] = row
  }
  return rows.slice(0, size).sort()
}
