import { describe, expect, test } from 'bun:test'
import { chooseK } from '../../src/clustering/engine/choose-k.ts'
import { kmeans } from '../../src/clustering/engine/kmeans/kmeans.ts'
import { generateRows, vMeasure } from './generated-rows.ts'

describe('the number of groups', () => {
  test('is found within 15 % on at least nine of ten generated sets', () => {
    const sets = [
      [60, 3, 0.5],
      [100, 5, 1],
      [150, 8, 1.5],
      [200, 10, 1],
      [200, 14, 1],
      [240, 20, 0.7],
      [300, 6, 2],
      [300, 25, 1],
      [400, 12, 1.5],
      [500, 30, 1],
    ] as const
    const found = sets.map(([rows, groups, spread], at) => {
      const set = generateRows({ rows, groups, spread, seed: 100 + at, dimensions: 128 })
      return { groups, k: chooseK({ ...set, seed: 1 }) }
    })
    const near = found.filter(({ groups, k }) => Math.abs(k - groups) <= 0.15 * groups)
    expect(near.length, JSON.stringify(found)).toBeGreaterThanOrEqual(9)
  })

  test('groups the rows as well as the true number does', () => {
    const set = generateRows({ rows: 600, groups: 18, spread: 1.5, seed: 9, dimensions: 128 })
    const v = (k: number) => vMeasure(set.truth, kmeans({ ...set, k, seed: 1 }).assignments)
    expect(v(chooseK({ ...set, seed: 1 }))).toBeGreaterThanOrEqual(0.97 * v(18))
  })

  test.each([
    [10, 0.3],
    [30, 1],
    [80, 1.5],
    [200, 3],
  ])('is 1 for %d rows about one topic, spread %d', (rows, spread) => {
    for (const seed of [1, 2, 3]) {
      expect(chooseK({ ...generateRows({ rows, groups: 1, spread, seed, dimensions: 128 }), seed: 1 })).toBe(
        1,
      )
    }
  })

  test('is found where noise hides the groups from a sample', () => {
    const set = generateRows({ rows: 2000, groups: 30, spread: 4, seed: 1, dimensions: 512 })
    const k = chooseK({ ...set, seed: 1 })
    expect(Math.abs(k - 30), `k = ${k}`).toBeLessThanOrEqual(4)
  })

  test('is 1 for a library about one topic that is larger than the sample', () => {
    for (const spread of [1, 3]) {
      expect(
        chooseK({ ...generateRows({ rows: 2000, groups: 1, spread, seed: 5, dimensions: 128 }), seed: 1 }),
      ).toBe(1)
    }
  })

  test('is 1 for equal rows, and for fewer rows than two groups need', () => {
    expect(chooseK({ points: new Float32Array(30 * 4).fill(0.5), dimensions: 4, seed: 1 })).toBe(1)
    expect(chooseK({ ...generateRows({ rows: 4, groups: 2, spread: 0.1, seed: 1 }), seed: 1 })).toBe(1)
    expect(chooseK({ points: new Float32Array(0), dimensions: 4, seed: 1 })).toBe(1)
  })

  test('is 2 for two clear topics of five saves each', () => {
    expect(chooseK({ ...generateRows({ rows: 10, groups: 2, spread: 0.5, seed: 4 }), seed: 1 })).toBe(2)
  })

  test('does not change with the seed of the sample when the groups are clear', () => {
    const set = generateRows({ rows: 900, groups: 10, spread: 1, seed: 6 })
    expect(chooseK({ ...set, seed: 1 })).toBe(10)
    expect(chooseK({ ...set, seed: 2 })).toBe(10)
  })
})
