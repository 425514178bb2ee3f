// The plane on which a library is seen: two axes through the vectors, chosen so that groups lie apart, and turned so
// that the picture looks like the one before.
import { seededRandom } from '../engine/kmeans/seeded-random.ts'

/** A point is (vector · x_axis - x_offset, vector · y_axis - y_offset). */
export interface Plane {
  x_axis: Float32Array
  y_axis: Float32Array
  x_offset: number
  y_offset: number
}

export interface PlaneInput {
  /** Row after row. */
  vectors: Float32Array
  dimensions: number
  /** The group of each row, from 0; -1 for none. */
  groups: Int32Array
  /** The plane as it was, of the same model. */
  previous?: Plane | undefined
}

/** How much of the way from its group's mean a row keeps while the axes are looked for: less tells groups apart better. */
const OWN_PART = 0.35
const ITERATIONS = 60
/** How far from the middle the outermost row lies. */
const REACH = 0.95
/** A plane that would move the rows by less on average is not worth moving them for. */
const WORTH_MOVING = 0.01
const FLAT = 1e-6

/**
 * Principal components of rows that were pulled towards the mean of their group, spread alike along both axes, then
 * turned or mirrored onto the previous plane (orthogonal Procrustes). The same input gives the same plane; where the
 * rows would hardly move, it is the previous one itself.
 */
export function findPlane({ vectors, dimensions, groups, previous }: PlaneInput): Plane {
  const rows = groups.length
  const mean = meanOf(vectors, dimensions, rows)
  const axes = principalAxes(pullTogether(vectors, dimensions, groups, mean), dimensions, rows)
  // Spread alike, so that a turn keeps the shape of the picture.
  for (const axis of axes) {
    const spread = Math.sqrt(mapRows(rows, i => (dot(vectors, i, axis) - dot(mean, 0, axis)) ** 2) / rows)
    scale(axis, spread > FLAT ? 1 / spread : 0)
  }
  let [x, y] = axes as [Float64Array, Float64Array]
  if (previous) [x, y] = turnOnto(previous, x, y, { vectors, mean, rows })
  const reach = Math.sqrt(
    Math.max(0, ...Array.from({ length: rows }, (_, i) => squaredRadius(vectors, i, mean, x, y))),
  )
  for (const axis of [x, y]) scale(axis, reach > FLAT ? REACH / reach : 0)
  const plane = {
    x_axis: Float32Array.from(x),
    y_axis: Float32Array.from(y),
    x_offset: dot(mean, 0, x),
    y_offset: dot(mean, 0, y),
  }
  return previous && distance(previous, plane, vectors, rows) < WORTH_MOVING ? previous : plane
}

/** Where row `i` of `vectors` lies. */
export const place = (plane: Plane, vectors: Float32Array, i: number): [x: number, y: number] => [
  dot(vectors, i, plane.x_axis) - plane.x_offset,
  dot(vectors, i, plane.y_axis) - plane.y_offset,
]

function meanOf(vectors: Float32Array, dimensions: number, rows: number): Float64Array {
  const mean = new Float64Array(dimensions)
  for (let i = 0; i < rows; i++) {
    for (let d = 0; d < dimensions; d++) mean[d]! += vectors[i * dimensions + d]! / rows
  }
  return mean
}

/** The rows about their mean; those of a group nearer to each other than they are. */
function pullTogether(
  vectors: Float32Array,
  dimensions: number,
  groups: Int32Array,
  mean: Float64Array,
): Float32Array {
  const count = Math.max(-1, ...groups) + 1
  const sums = new Float64Array(count * dimensions)
  const sizes = new Float64Array(count)
  for (const [i, group] of groups.entries()) {
    if (group < 0) continue
    sizes[group]! += 1
    for (let d = 0; d < dimensions; d++) sums[group * dimensions + d]! += vectors[i * dimensions + d]!
  }
  const pulled = new Float32Array(vectors.length)
  for (const [i, group] of groups.entries()) {
    for (let d = 0; d < dimensions; d++) {
      const own = vectors[i * dimensions + d]! - mean[d]!
      const middle = group < 0 ? 0 : sums[group * dimensions + d]! / sizes[group]! - mean[d]!
      pulled[i * dimensions + d] = middle + OWN_PART * (own - middle)
    }
  }
  return pulled
}

/** The first two right singular vectors, by power iteration; each one's largest part is positive. */
function principalAxes(centred: Float32Array, dimensions: number, rows: number): Float64Array[] {
  const random = seededRandom(1)
  const axes: Float64Array[] = []
  for (let a = 0; a < 2; a++) {
    let axis = Float64Array.from({ length: dimensions }, () => random() - 0.5)
    for (let step = 0; step < ITERATIONS; step++) {
      const next = new Float64Array(dimensions)
      for (let i = 0; i < rows; i++) {
        const along = dot(centred, i, axis)
        for (let d = 0; d < dimensions; d++) next[d]! += along * centred[i * dimensions + d]!
      }
      for (const other of axes) subtract(next, other, dot(next, 0, other))
      const length = Math.sqrt(dot(next, 0, next))
      scale(next, length > FLAT * FLAT ? 1 / length : 0)
      axis = next
    }
    const largest = axis.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0)
    if (largest < 0) scale(axis, -1)
    axes.push(axis)
  }
  return axes
}

/** The two axes turned, or mirrored, so that the rows lie as near as can be to where they lay. */
function turnOnto(
  previous: Plane,
  x: Float64Array,
  y: Float64Array,
  { vectors, mean, rows }: { vectors: Float32Array; mean: Float64Array; rows: number },
): [Float64Array, Float64Array] {
  let [xx, xy, yx, yy] = [0, 0, 0, 0]
  for (let i = 0; i < rows; i++) {
    const [nowX, nowY] = [dot(vectors, i, x) - dot(mean, 0, x), dot(vectors, i, y) - dot(mean, 0, y)]
    const [thenX, thenY] = place(previous, vectors, i)
    xx += nowX * thenX
    xy += nowX * thenY
    yx += nowY * thenX
    yy += nowY * thenY
  }
  // The better of the best turn and the best mirroring (Schönemann 1966, in two dimensions).
  const mirrors = Math.hypot(xx - yy, xy + yx) > Math.hypot(xx + yy, xy - yx)
  const angle = mirrors ? Math.atan2(xy + yx, xx - yy) : Math.atan2(xy - yx, xx + yy)
  const [cos, sin, sign] = [Math.cos(angle), Math.sin(angle), mirrors ? -1 : 1]
  return [x.map((v, d) => cos * v - sign * sin * y[d]!), x.map((v, d) => sin * v + sign * cos * y[d]!)]
}

/** Root mean square, over the rows. */
function distance(a: Plane, b: Plane, vectors: Float32Array, rows: number): number {
  const squares = mapRows(rows, i => {
    const [from, to] = [place(a, vectors, i), place(b, vectors, i)]
    return (from[0] - to[0]) ** 2 + (from[1] - to[1]) ** 2
  })
  return Math.sqrt(squares / Math.max(1, rows))
}

function squaredRadius(
  vectors: Float32Array,
  i: number,
  mean: Float64Array,
  x: Float64Array,
  y: Float64Array,
): number {
  return (dot(vectors, i, x) - dot(mean, 0, x)) ** 2 + (dot(vectors, i, y) - dot(mean, 0, y)) ** 2
}

/** The sum of `value` over the rows. */
function mapRows(rows: number, value: (i: number) => number): number {
  let sum = 0
  for (let i = 0; i < rows; i++) sum += value(i)
  return sum
}

type Numbers = Float32Array | Float64Array

/** Row `i` of `matrix` along `axis`. */
function dot(matrix: Numbers, i: number, axis: Numbers): number {
  let sum = 0
  for (let d = 0, at = i * axis.length; d < axis.length; d++, at++) sum += matrix[at]! * axis[d]!
  return sum
}

function subtract(from: Float64Array, axis: Float64Array, times: number): void {
  for (let d = 0; d < from.length; d++) from[d]! -= times * axis[d]!
}

function scale(axis: Float64Array, by: number): void {
  for (let d = 0; d < axis.length; d++) axis[d]! *= by
}
