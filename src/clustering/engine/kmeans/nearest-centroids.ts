// The arithmetic of clustering, over row-major Float32Arrays (n × dimensions).
import { rowProducts } from '../kernel/row-products.ts'

/** Rows that pass through the kernel at once: as many as fit the processor's cache at 512 dimensions. */
const BLOCK_ROWS = 128

/**
 * Calls `visit` for each row with its products with all `others`: `products[at]` to `products[at + others − 1]`,
 * which are overwritten afterwards.
 * @param rows the row numbers to visit; all of them when left out
 */
export function visitProducts(
  points: Float32Array,
  dimensions: number,
  others: Float32Array,
  visit: (row: number, products: Float32Array, at: number) => void,
  rows?: Int32Array,
): void {
  const count = rows ? rows.length : points.length / dimensions
  const width = others.length / dimensions
  const products = new Float32Array(BLOCK_ROWS * width)
  const picked = new Float32Array(rows ? BLOCK_ROWS * dimensions : 0)
  for (let first = 0; first < count; first += BLOCK_ROWS) {
    const size = Math.min(BLOCK_ROWS, count - first)
    const block = rows
      ? takeRows(points, dimensions, rows.subarray(first, first + size), picked)
      : rowsFrom(points, dimensions, first, size)
    rowProducts(block, others, dimensions, products)
    for (let i = 0; i < size; i++) visit(rows ? rows[first + i]! : first + i, products, i * width)
  }
  giveBack(products, picked)
}

function rowsFrom(points: Float32Array, dimensions: number, first: number, size: number): Float32Array {
  return points.subarray(first * dimensions, (first + size) * dimensions)
}

/** Copies the given rows, in the given order. @param into has room for them */
export function takeRows(
  points: Float32Array,
  dimensions: number,
  rows: Int32Array,
  into: Float32Array = new Float32Array(rows.length * dimensions),
): Float32Array {
  for (let place = 0; place < rows.length; place++) {
    const from = rows[place]! * dimensions
    const to = place * dimensions
    for (let d = 0; d < dimensions; d++) into[to + d] = points[from + d]!
  }
  return into.subarray(0, rows.length * dimensions)
}

/** Frees numbers that nobody reads again: megabytes that wait for the collector are megabytes that the process has. */
export function giveBack(...arrays: (Float32Array | Float64Array)[]): void {
  for (const { buffer } of arrays) (buffer as ArrayBuffer).transfer(0)
}

/** The dot product of two rows, given where each starts. */
export function dot(
  a: Float32Array,
  aStart: number,
  b: Float32Array,
  bStart: number,
  length: number,
): number {
  let sum = 0
  for (let d = 0; d < length; d++) sum += a[aStart + d]! * b[bStart + d]!
  return sum
}

/** The squared length of every row. */
export function squaredLengths(points: Float32Array, dimensions: number): Float64Array {
  return Float64Array.from({ length: points.length / dimensions }, (_, row) =>
    dot(points, row * dimensions, points, row * dimensions, dimensions),
  )
}

/** The sums and sizes of groups of rows, kept up as rows come and go. */
export interface GroupSums {
  /** Row-major k × dimensions. */
  sums: Float64Array
  sizes: Int32Array
}

/** Adds a row to its group's sum, or takes it away when `sign` is −1. */
export function addRow(
  { sums, sizes }: GroupSums,
  points: Float32Array,
  row: number,
  dimensions: number,
  group: number,
  sign: 1 | -1,
): void {
  sizes[group]! += sign
  const to = group * dimensions
  const from = row * dimensions
  for (let d = 0; d < dimensions; d++) sums[to + d]! += sign * points[from + d]!
}

/** The mean of each group, k × dimensions. A group without rows keeps its row of `fallback`, or zeros. */
export function meansOf(
  { sums, sizes }: GroupSums,
  dimensions: number,
  fallback?: Float32Array,
): Float32Array {
  const means = new Float32Array(sums.length)
  for (let group = 0; group < sizes.length; group++) {
    const size = sizes[group]!
    for (let at = group * dimensions; at < (group + 1) * dimensions; at++) {
      means[at] = size > 0 ? sums[at]! / size : (fallback?.[at] ?? 0)
    }
  }
  return means
}

/** The mean of each group's points, k × dimensions; a row with a negative number is in none. */
export function groupMeans(
  points: Float32Array,
  dimensions: number,
  assignments: Int32Array,
  k: number,
): Float32Array {
  const groups = { sums: new Float64Array(k * dimensions), sizes: new Int32Array(k) }
  for (let row = 0; row < assignments.length; row++) {
    if (assignments[row]! >= 0) addRow(groups, points, row, dimensions, assignments[row]!, 1)
  }
  return meansOf(groups, dimensions)
}

/** Squared Euclidean distances between all rows, row-major n × n. */
export function squaredDistances(points: Float32Array, dimensions: number): Float32Array {
  const n = points.length / dimensions
  const squares = squaredLengths(points, dimensions)
  const distances = new Float32Array(n * n)
  for (let first = 0; first < n; first += BLOCK_ROWS) {
    // Half of the products are enough: the block with itself and with what follows.
    const block = rowsFrom(points, dimensions, first, Math.min(BLOCK_ROWS, n - first))
    visitProducts(block, dimensions, points.subarray(first * dimensions), (row, products, at) => {
      const i = first + row
      for (let j = i + 1; j < n; j++) {
        const distance = Math.max(0, squares[i]! + squares[j]! - 2 * products[at + j - first]!)
        distances[i * n + j] = distance
        distances[j * n + i] = distance
      }
    })
  }
  return distances
}
