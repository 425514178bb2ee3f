// What the model says of the written examples. Embedding them anew took each process seconds before its first answer.
import { readFileSync } from 'node:fs'
import { EMBEDDING_DIMENSIONS } from '../../vocabulary.ts'

/** Numbers of 32 bits, the lowest byte first, a row for each example: written by scripts/example-vectors.ts. */
export const EXAMPLE_VECTORS = new URL('example-vectors.f32', import.meta.url)

/** The unit vectors of the examples, in their order. */
export function readExampleVectors(): Float32Array[] {
  const bytes = readFileSync(EXAMPLE_VECTORS)
  const numbers = Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(4 * at))
  return Array.from({ length: numbers.length / EMBEDDING_DIMENSIONS }, (_, row) =>
    Float32Array.from(numbers.slice(row * EMBEDDING_DIMENSIONS, (row + 1) * EMBEDDING_DIMENSIONS)),
  )
}
