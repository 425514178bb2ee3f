// The dot products of rows, by the WebAssembly kernel. Rows pass through its memory in blocks that stay in the
// processor's cache: it needs no second copy of the vectors, and its memory stays below 2 MB at 512 dimensions.
import { readFileSync } from 'node:fs'

interface Kernel {
  memory: WebAssembly.Memory
  products(a: number, m: number, b: number, n: number, stride: number, out: number): void
}

/** Bytes: a block of the left side and one of the right fit the second-level cache together. */
const LEFT_BYTES = 1 << 18
const RIGHT_BYTES = 1 << 17
const PAGE = 1 << 16

const kernel = new WebAssembly.Instance(
  new WebAssembly.Module(readFileSync(new URL('./kernel.wasm', import.meta.url))),
).exports as unknown as Kernel

/**
 * Writes the dot product of every row of `a` with every row of `b` to `out`, row-major (rows of a) × (rows of b).
 * Sums are of 32-bit floats in a fixed order: a product is the same to the bit on every runtime, with the sides
 * exchanged, and whatever other rows are asked for with it.
 * @param a row-major rows × dimensions, as `b` is
 */
export function rowProducts(a: Float32Array, b: Float32Array, dimensions: number, out: Float32Array): void {
  const m = a.length / dimensions
  const n = b.length / dimensions
  // Padding to whole vectors of four numbers, and to whole tiles.
  const width = Math.ceil(dimensions / 4) * 4
  const stride = width * 4
  const leftRows = Math.max(4, Math.min(Math.ceil(m / 4) * 4, Math.floor(LEFT_BYTES / stride / 4) * 4))
  const rightRows = Math.max(2, Math.min(Math.ceil(n / 2) * 2, Math.floor(RIGHT_BYTES / stride / 2) * 2))
  const rightAt = leftRows * stride
  const outAt = rightAt + rightRows * stride
  const memory = memoryOf(outAt + leftRows * rightRows * 4)

  for (let i = 0; i < m; i += leftRows) {
    const rows = Math.min(leftRows, m - i)
    place(memory, 0, a, i, rows, dimensions, width)
    for (let j = 0; j < n; j += rightRows) {
      const columns = Math.min(rightRows, n - j)
      // A single block on the right stays in place for all on the left.
      if (i === 0 || n > rightRows) place(memory, rightAt / 4, b, j, columns, dimensions, width)
      const found = Math.ceil(columns / 2) * 2
      kernel.products(0, Math.ceil(rows / 4) * 4, rightAt, found, stride, outAt)
      // Copied number by number: a view a row would be tens of megabytes until it is collected.
      for (let row = 0; row < rows; row++) {
        const from = outAt / 4 + row * found
        const to = (i + row) * n + j
        for (let column = 0; column < columns; column++) out[to + column] = memory[from + column]!
      }
    }
  }
}

/** The kernel's memory as numbers, at least `bytes` long. It never shrinks. */
function memoryOf(bytes: number): Float32Array {
  const missing = bytes - kernel.memory.buffer.byteLength
  if (missing > 0) kernel.memory.grow(Math.ceil(missing / PAGE))
  return new Float32Array(kernel.memory.buffer)
}

function place(
  memory: Float32Array,
  at: number,
  from: Float32Array,
  first: number,
  rows: number,
  dimensions: number,
  width: number,
): void {
  if (width === dimensions) {
    memory.set(from.subarray(first * dimensions, (first + rows) * dimensions), at)
    return
  }
  for (let row = 0; row < rows; row++) {
    const start = (first + row) * dimensions
    memory.set(from.subarray(start, start + dimensions), at + row * width)
    memory.fill(0, at + row * width + dimensions, at + (row + 1) * width)
  }
}
