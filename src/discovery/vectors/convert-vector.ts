import { EMBEDDING_DIMENSIONS } from '../../vocabulary.ts'

/** pgvector's text form, to be bound as a vector: `${toVector(x)}::vector`. */
export const toVector = (values: Float32Array): string => `[${values.join(',')}]`

/**
 * Reads the bytes of pgvector's `vector_send` into `into` at row `row`: two 16-bit words (the dimension, and one that is
 * unused), then big-endian floats. Four times less to read than the text form.
 */
export function readVector(bytes: Uint8Array, into: Float32Array, row: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = row * EMBEDDING_DIMENSIONS
  for (let i = 0; i < EMBEDDING_DIMENSIONS; i++) into[start + i] = view.getFloat32(4 + i * 4)
}

/**
 * Reads the bytes of pgvector's `halfvec_send` in the same way: half as much to read again, for what needs no more than
 * the three digits that a half-precision float has.
 */
export function readHalfVector(bytes: Uint8Array, into: Float32Array, row: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = row * EMBEDDING_DIMENSIONS
  for (let i = 0; i < EMBEDDING_DIMENSIONS; i++) into[start + i] = view.getFloat16(4 + i * 2)
}
