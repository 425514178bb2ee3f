import { expect, test } from 'bun:test'
import { groupMeans, squaredDistances } from '../../src/clustering/engine/kmeans/nearest-centroids.ts'
import { cutTree, wardTree } from '../../src/clustering/engine/kmeans/ward-tree.ts'
import { generateRows, vMeasure } from './generated-rows.ts'

test('a cut gives the groups that joining the cheapest pair, again and again, gives', () => {
  const { points, dimensions } = generateRows({ rows: 40, groups: 5, spread: 2, seed: 8, dimensions: 8 })
  const tree = wardTree(squaredDistances(points, dimensions), 40)
  for (const k of [2, 3, 5, 9, 20]) {
    expect(vMeasure(greedyWard(points, dimensions, k), cutTree(tree, k))).toBeCloseTo(1, 9)
  }
})

test('a cut has as many groups as asked for, numbered by their first rows', () => {
  const { points, dimensions } = generateRows({ rows: 10, groups: 2, spread: 1, seed: 8, dimensions: 8 })
  const tree = wardTree(squaredDistances(points, dimensions), 10)
  expect([...cutTree(tree, 1)]).toEqual(Array(10).fill(0))
  expect([...cutTree(tree, 10)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(cutTree(tree, 4)[0]).toBe(0)
  expect(new Set(cutTree(tree, 4)).size).toBe(4)
})

/** Ward's definition, taken literally: join the two groups whose union raises the inertia least. */
function greedyWard(points: Float32Array, dimensions: number, k: number): Int32Array {
  const n = points.length / dimensions
  let groups = Int32Array.from({ length: n }, (_, row) => row)
  for (let count = n; count > k; count--) {
    let least = Infinity
    let best = groups
    const names = [...new Set(groups)]
    for (const a of names) {
      for (const b of names) {
        if (a >= b) continue
        const joined = groups.map(group => (group === b ? a : group))
        const rise =
          inertia(points, dimensions, joined, a) -
          inertia(points, dimensions, groups, a) -
          inertia(points, dimensions, groups, b)
        if (rise < least) {
          least = rise
          best = joined
        }
      }
    }
    groups = best
  }
  return groups
}

function inertia(points: Float32Array, dimensions: number, groups: Int32Array, group: number): number {
  const only = groups.map(other => (other === group ? 0 : -1))
  const mean = groupMeans(points, dimensions, only, 1)
  let sum = 0
  only.forEach((inside, row) => {
    if (inside < 0) return
    for (let d = 0; d < dimensions; d++) sum += (points[row * dimensions + d]! - mean[d]!) ** 2
  })
  return sum
}
