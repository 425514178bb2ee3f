import { describe, expect, test } from 'bun:test'
import { assignPairs } from '../../src/clustering/engine/kmeans/assign-pairs.ts'
import { seededRandom } from '../../src/clustering/engine/kmeans/seeded-random.ts'

const total = (weights: number[][], columnOf: number[]) =>
  columnOf.reduce((sum, column, row) => sum + (column < 0 ? 0 : weights[row]![column]!), 0)

/** The best sum by trying everything. */
function bestOf(weights: number[][], row = 0, used = new Set<number>()): number {
  if (row === weights.length) return 0
  let best = bestOf(weights, row + 1, used)
  for (const [column, weight] of weights[row]!.entries()) {
    if (used.has(column)) continue
    best = Math.max(best, weight + bestOf(weights, row + 1, new Set([...used, column])))
  }
  return best
}

describe('pairs', () => {
  test('have the largest sum there is, whatever the shape', () => {
    const random = seededRandom(5)
    for (let round = 0; round < 200; round++) {
      const [rows, columns] = [1 + Math.floor(random() * 6), 1 + Math.floor(random() * 6)]
      const weights = Array.from({ length: rows }, () =>
        Array.from({ length: columns }, () => (random() < 0.4 ? 0 : random())),
      )
      const columnOf = assignPairs(weights)
      const taken = columnOf.filter(column => column >= 0)
      expect(new Set(taken).size).toBe(taken.length)
      expect(total(weights, columnOf)).toBeCloseTo(bestOf(weights), 10)
    }
  })

  test('never join what is no pair', () => {
    expect(
      assignPairs([
        [0, 0.5],
        [0, 0.9],
      ]),
    ).toEqual([-1, 1])
    expect(assignPairs([[0], [0]])).toEqual([-1, -1])
  })

  test('are none where there is nothing on a side', () => {
    expect(assignPairs([])).toEqual([])
    expect(assignPairs([[], []])).toEqual([-1, -1])
  })
})
