// @ts-nocheck: AssemblyScript, whose types TypeScript does not know. `bun scripts/kernel.ts` makes kernel.wasm of it.
// The arithmetic of clustering is dot products of rows. This does them four numbers at a time (fixed-width SIMD, so
// that every runtime gives the same bits), in tiles of 4 × 2 rows: a number that was read is used more than once,
// and the eight sums stay in registers.

/**
 * Writes the dot products of `m` rows at `a` with `n` rows at `b` to `out`, row-major m × n, as 32-bit floats.
 * @param m a multiple of 4
 * @param n a multiple of 2
 * @param stride the bytes of a row, a multiple of 16
 */
export function products(a: usize, m: i32, b: usize, n: i32, stride: usize, out: usize): void {
  for (let i = 0; i < m; i += 4) {
    const a0 = a + <usize>i * stride
    const a1 = a0 + stride
    const a2 = a1 + stride
    const a3 = a2 + stride
    for (let j = 0; j < n; j += 2) {
      const b0 = b + <usize>j * stride
      const b1 = b0 + stride
      let s00 = f32x4.splat(0)
      let s01 = f32x4.splat(0)
      let s10 = f32x4.splat(0)
      let s11 = f32x4.splat(0)
      let s20 = f32x4.splat(0)
      let s21 = f32x4.splat(0)
      let s30 = f32x4.splat(0)
      let s31 = f32x4.splat(0)
      for (let d: usize = 0; d < stride; d += 16) {
        const x = v128.load(b0 + d)
        const y = v128.load(b1 + d)
        let row = v128.load(a0 + d)
        s00 = f32x4.add(s00, f32x4.mul(row, x))
        s01 = f32x4.add(s01, f32x4.mul(row, y))
        row = v128.load(a1 + d)
        s10 = f32x4.add(s10, f32x4.mul(row, x))
        s11 = f32x4.add(s11, f32x4.mul(row, y))
        row = v128.load(a2 + d)
        s20 = f32x4.add(s20, f32x4.mul(row, x))
        s21 = f32x4.add(s21, f32x4.mul(row, y))
        row = v128.load(a3 + d)
        s30 = f32x4.add(s30, f32x4.mul(row, x))
        s31 = f32x4.add(s31, f32x4.mul(row, y))
      }
      const width = (<usize>n) << 2
      const at = out + <usize>i * width + ((<usize>j) << 2)
      storePair(at, s00, s01)
      storePair(at + width, s10, s11)
      storePair(at + 2 * width, s20, s21)
      storePair(at + 3 * width, s30, s31)
    }
  }
}

function storePair(at: usize, left: v128, right: v128): void {
  f32.store(at, total(left))
  f32.store(at + 4, total(right))
}

function total(sum: v128): f32 {
  return (
    f32x4.extract_lane(sum, 0) +
    f32x4.extract_lane(sum, 1) +
    (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3))
  )
}
