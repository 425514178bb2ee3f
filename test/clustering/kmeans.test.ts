import { describe, expect, test } from 'bun:test'
import { kmeans as mlKmeans } from 'ml-kmeans'
import { kmeans } from '../../src/clustering/engine/kmeans/kmeans.ts'
import { lloyd } from '../../src/clustering/engine/kmeans/lloyd.ts'
import { type GeneratedRows, generateRows, vMeasure } from './generated-rows.ts'

describe('k-means', () => {
  test('finds the groups that the rows were made from', () => {
    const set = generateRows({ rows: 600, groups: 12, spread: 1, seed: 1 })
    const { assignments, centroids, inertia } = kmeans({ ...set, k: 12, seed: 1 })
    expect(vMeasure(set.truth, assignments)).toBeGreaterThan(0.99)
    expect(centroids.length).toBe(12 * set.dimensions)
    expect(inertia).toBeCloseTo(inertiaOf(set.points, set.dimensions, centroids, assignments), 2)
  })

  test('our iterations and those of ml-kmeans agree from the same starts', () => {
    const set = generateRows({ rows: 400, groups: 9, spread: 2, seed: 2 })
    const starts = set.points.slice(0, 9 * set.dimensions)
    const theirs = mlKmeans(rowsOf(set.points, set.dimensions), 9, {
      initialization: rowsOf(starts, set.dimensions),
    })
    const ours = lloyd(set.points, set.dimensions, starts)
    expect(ours.iterations).toBeGreaterThan(2)
    for (const [at, value] of theirs.centroids.flat().entries()) {
      expect(ours.centroids[at]!).toBeCloseTo(value, 5)
    }
  })

  test('rows that are skipped lie nearest to their own centroid all the same', () => {
    const set = generateRows({ rows: 3000, groups: 40, spread: 4, seed: 7 })
    const { assignments, centroids, inertia, iterations } = lloyd(
      set.points,
      set.dimensions,
      set.points.slice(0, 40 * set.dimensions),
    )
    expect(iterations).toBeGreaterThan(10)
    const distance = (row: number, group: number) =>
      inertiaOf(rowAt(set, row), set.dimensions, centroids.subarray(group * set.dimensions), [0])
    for (let row = 0; row < 3000; row++) {
      const own = distance(row, assignments[row]!)
      for (let group = 0; group < 40; group++) expect(own).toBeLessThan(distance(row, group) + 1e-6)
    }
    expect(inertia).toBeCloseTo(inertiaOf(set.points, set.dimensions, centroids, assignments), 2)
  })

  test('a library that is larger than the sample of the starts is grouped as well', () => {
    const set = generateRows({ rows: 2400, groups: 15, spread: 1, seed: 3 })
    const { assignments } = kmeans({ ...set, k: 15, seed: 1 })
    expect(vMeasure(set.truth, assignments)).toBeGreaterThan(0.99)
  })

  test('reaches no higher inertia than the best of ten runs of ml-kmeans with its own start', () => {
    const set = generateRows({ rows: 500, groups: 20, spread: 2.5, seed: 4 })
    const rows = rowsOf(set.points, set.dimensions)
    const theirs = Array.from({ length: 10 }, (_, seed) => {
      const { clusters, centroids } = mlKmeans(rows, 20, { seed })
      return inertiaOf(set.points, set.dimensions, Float32Array.from(centroids.flat()), clusters)
    })
    expect(kmeans({ ...set, k: 20, seed: 1 }).inertia).toBeLessThan(1.005 * Math.min(...theirs))
  })

  test('the same seed gives the same answer', () => {
    const set = generateRows({ rows: 2100, groups: 8, spread: 3, seed: 5 })
    const first = kmeans({ ...set, k: 8, seed: 7 })
    expect(kmeans({ ...set, k: 8, seed: 7 })).toEqual(first)
  })

  test('no cluster is empty, even when all rows are equal', () => {
    const points = new Float32Array(20 * 4).fill(0.5)
    const { assignments } = kmeans({ points, dimensions: 4, k: 6, seed: 1 })
    expect(new Set(assignments).size).toBe(6)
  })

  test('there are as many clusters as rows when k is larger', () => {
    const { points, dimensions } = generateRows({ rows: 3, groups: 3, spread: 0.1, seed: 6 })
    const { assignments, inertia } = kmeans({ points, dimensions, k: 10, seed: 1 })
    expect([...assignments].sort()).toEqual([0, 1, 2])
    expect(inertia).toBeCloseTo(0, 5)
  })
})

function rowAt({ points, dimensions }: GeneratedRows, row: number): Float32Array {
  return points.subarray(row * dimensions, (row + 1) * dimensions)
}

function rowsOf(points: Float32Array, dimensions: number): number[][] {
  return Array.from({ length: points.length / dimensions }, (_, row) =>
    Array.from(points.subarray(row * dimensions, (row + 1) * dimensions)),
  )
}

function inertiaOf(
  points: Float32Array,
  dimensions: number,
  centroids: Float32Array,
  groups: ArrayLike<number>,
): number {
  let sum = 0
  for (let row = 0; row < groups.length; row++) {
    for (let d = 0; d < dimensions; d++) {
      sum += (points[row * dimensions + d]! - centroids[groups[row]! * dimensions + d]!) ** 2
    }
  }
  return sum
}
