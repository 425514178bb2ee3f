import { describe, expect, test } from 'bun:test'
import {
  type ClusterInput,
  type ClusterResult,
  clusterLibrary,
  type PreviousCluster,
} from '../../src/intelligence/cluster-engine.ts'
import { clusterInThread } from '../../src/intelligence/cluster-in-thread.ts'
import { type GeneratedRows, generateRows, vMeasure } from './generated-rows.ts'

const TOPICS = [
  'guitar',
  'sourdough',
  'volcano',
  'chess',
  'surfing',
  'origami',
  'telescope',
  'tango',
  'beetle',
  'opera',
]

/** A library whose titles name the true topic. */
function library(set: GeneratedRows, more: Partial<ClusterInput> = {}): ClusterInput {
  return {
    ids: Array.from(set.truth, (_, row) => `save-${row}`),
    vectors: set.points,
    dimensions: set.dimensions,
    documents: Array.from(set.truth, group => ({
      title: `About ${TOPICS[group % TOPICS.length]}`,
      topic_main: null,
      tags: [],
      subcategories: [],
      author: null,
      category_high: 'Learning',
    })),
    previous: [],
    min_items: 5,
    seed: 1,
    ...more,
  }
}

const asPrevious = (result: ClusterResult, custom: Record<number, string> = {}): PreviousCluster[] =>
  result.clusters.map((cluster, at) => ({
    id: `cluster-${at}`,
    label: custom[at] ?? cluster.label,
    label_is_custom: at in custom,
    members: cluster.members.map(({ id }) => id),
    centroid: cluster.centroid,
  }))

/** The first `rows` rows of a set. */
const firstRows = (set: GeneratedRows, rows: number): GeneratedRows => ({
  points: set.points.slice(0, rows * set.dimensions),
  dimensions: set.dimensions,
  truth: set.truth.slice(0, rows),
})

const clusterOf = (result: ClusterResult) =>
  new Map(result.clusters.flatMap(cluster => cluster.members.map(({ id }) => [id, cluster] as const)))

describe('a library', () => {
  const set = generateRows({ rows: 300, groups: 10, spread: 1, seed: 21, dimensions: 128 })
  const first = clusterLibrary(library(set))

  test('is grouped by its topics, and each group is named by its own', () => {
    const found = clusterOf(first)
    const ids = [...found.keys()]
    expect(ids.length + first.outliers.length).toBe(300)
    expect(first.outliers.length).toBeLessThan(15)
    const truth = ids.map(id => set.truth[Number(id.slice(5))]!)
    expect(
      vMeasure(
        truth,
        ids.map(id => first.clusters.indexOf(found.get(id)!)),
      ),
    ).toBeGreaterThan(0.98)
    expect(first.clusters.map(({ label }) => label.toLowerCase()).sort()).toEqual([...TOPICS].sort())
    expect(first.silhouette).toBeGreaterThan(0.2)
  })

  test('has members in order of their cosine to a centroid of unit length, and the largest cluster first', () => {
    const sizes = first.clusters.map(({ members }) => members.length)
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a))
    for (const { centroid, members } of first.clusters) {
      expect(Math.hypot(...centroid)).toBeCloseTo(1, 4)
      const likeness = members.map(({ similarity }) => similarity)
      expect(likeness).toEqual([...likeness].sort((a, b) => b - a))
      const row = Number(members[0]!.id.slice(5))
      const cosine = centroid.reduce((sum, value, d) => sum + value * set.points[row * 128 + d]!, 0)
      expect(members[0]!.similarity).toBeCloseTo(cosine, 4)
    }
  })

  test('that did not change gives the same clusters, ids, labels and members', () => {
    expect(clusterLibrary(library(set))).toEqual(first)
    const again = clusterLibrary(library(set, { previous: asPrevious(first) }))
    expect(again).toEqual({
      ...first,
      clusters: first.clusters.map((cluster, at) => ({ ...cluster, id: `cluster-${at}` })),
    })
  })

  test('gives the same in a thread, and takes the buffer of the vectors', async () => {
    const input = library({ ...set, points: set.points.slice() })
    expect(await clusterInThread(input)).toEqual(first)
    expect(input.vectors.length).toBe(0)
  })

  test('keeps a label that the user chose, and gives it to no other cluster', () => {
    const previous = asPrevious(first, { 3: 'My Treasure' })
    const { clusters } = clusterLibrary(library(set, { previous }))
    expect(clusters.filter(({ label }) => label === 'My Treasure').map(({ id }) => id)).toEqual(['cluster-3'])
  })

  test('keeps saves where they are while grouping anew would hardly be better', () => {
    const previous = asPrevious(first)
    const moved = previous[0]!.members.slice(-2)
    previous[0]!.members = previous[0]!.members.slice(0, -2)
    previous[1]!.members = [...previous[1]!.members, ...moved]
    const { clusters } = clusterLibrary(library(set, { previous }))
    const second = clusters.find(({ id }) => id === 'cluster-1')!
    expect(second.members.map(({ id }) => id)).toEqual(expect.arrayContaining(moved))
  })

  test('leaves out rows halfway between two clusters', () => {
    const [a, b] = [first.clusters[0]!, first.clusters[1]!]
    const between = a.centroid.map((value, d) => value + b.centroid[d]!)
    const length = Math.hypot(...between)
    const points = new Float32Array([...set.points, ...between.map(value => value / length)])
    const truth = new Int32Array([...set.truth, 0])
    const { outliers } = clusterLibrary(library({ points, dimensions: 128, truth }))
    expect(outliers).toContain('save-300')
  })

  test('leaves out rows much farther from their cluster than its members are', () => {
    const stray = generateRows({ rows: 1, groups: 1, spread: 0, seed: 98, dimensions: 128 }).points
    const far = first.clusters[0]!.centroid.map((value, d) => 0.4 * value + 0.9 * stray[d]!)
    const length = Math.hypot(...far)
    const points = new Float32Array([...set.points, ...far.map(value => value / length)])
    const truth = new Int32Array([...set.truth, 0])
    const { outliers } = clusterLibrary(library({ points, dimensions: 128, truth }))
    expect(outliers).toContain('save-300')
  })

  test('leaves out rows that belong nowhere', () => {
    const strays = generateRows({ rows: 8, groups: 8, spread: 0, seed: 99, dimensions: 128 })
    const points = new Float32Array([...set.points, ...strays.points])
    const truth = new Int32Array([...set.truth, ...strays.truth])
    const { outliers } = clusterLibrary(library({ points, dimensions: 128, truth }))
    expect(outliers).toEqual(expect.arrayContaining(Array.from({ length: 8 }, (_, at) => `save-${300 + at}`)))
  })
})

describe('a growing library', () => {
  test('keeps at least 97 % of its saves in place when 1 % is new, ids and labels included', () => {
    const set = generateRows({ rows: 404, groups: 8, spread: 2, seed: 31, dimensions: 128 })
    const before = clusterLibrary(library(firstRows(set, 400)))
    const previous = asPrevious(before)
    const after = clusterLibrary(library(set, { previous }))
    const now = clusterOf(after)
    const total = previous.reduce((sum, { members }) => sum + members.length, 0)
    const same = previous.flatMap(({ id, label, members }) =>
      members.filter(member => now.get(member)?.id === id && now.get(member)?.label === label),
    )
    expect(total).toBeGreaterThan(350)
    expect(same.length).toBeGreaterThanOrEqual(0.97 * total)
    const placed = Array.from({ length: 4 }, (_, at) => now.get(`save-${400 + at}`)).filter(Boolean)
    expect(placed.length).toBeGreaterThanOrEqual(2)
  })

  test('is grouped anew when it has outgrown its clusters', () => {
    const set = generateRows({ rows: 200, groups: 8, spread: 1, seed: 32, dimensions: 128 })
    const everything: PreviousCluster = {
      id: 'everything',
      label: 'Everything',
      label_is_custom: false,
      members: Array.from({ length: 200 }, (_, row) => `save-${row}`),
      centroid: set.points.slice(0, 128),
    }
    const { clusters } = clusterLibrary(library(set, { previous: [everything] }))
    expect(clusters.length).toBe(8)
    expect(clusters.every(({ label }) => label !== 'Everything')).toBe(true)
  })

  test.each([
    [true, true],
    [false, false],
  ])('that splits a cluster keeps its label when the user chose it (%p): %p', (label_is_custom, stays) => {
    const set = generateRows({ rows: 100, groups: 2, spread: 0.5, seed: 34, dimensions: 128 })
    const all: PreviousCluster = {
      id: 'all',
      label: 'Everything',
      label_is_custom,
      members: Array.from({ length: 100 }, (_, row) => `save-${row}`),
      centroid: set.points.slice(0, 128),
    }
    const { clusters } = clusterLibrary(library(set, { previous: [all] }))
    expect(clusters.length).toBe(2)
    expect(clusters.filter(({ id }) => id === 'all').length).toBe(1)
    expect(clusters.find(({ id }) => id === 'all')!.label === 'Everything').toBe(stays)
  })

  test('forgets a cluster whose saves are gone', () => {
    const set = generateRows({ rows: 120, groups: 4, spread: 1, seed: 33, dimensions: 128 })
    const previous = asPrevious(clusterLibrary(library(set)))
    const stay = Array.from(set.truth.keys()).filter(row => set.truth[row] !== 0)
    const whole = library(set, { previous })
    const { clusters } = clusterLibrary({
      ...whole,
      ids: stay.map(row => whole.ids[row]!),
      documents: stay.map(row => whole.documents[row]!),
      vectors: Float32Array.from(stay.flatMap(row => [...set.points.subarray(row * 128, (row + 1) * 128)])),
    })
    expect(clusters.length).toBe(3)
    expect(new Set(clusters.map(({ id }) => id)).size).toBe(3)
    expect(clusters.every(({ id }) => previous.some(old => old.id === id))).toBe(true)
  })
})

describe('a small library', () => {
  test('with fewer saves than min_items has no clusters', () => {
    const set = generateRows({ rows: 4, groups: 1, spread: 0.2, seed: 1 })
    expect(clusterLibrary(library(set))).toEqual({
      clusters: [],
      outliers: ['save-0', 'save-1', 'save-2', 'save-3'],
      silhouette: 0,
    })
    expect(clusterLibrary(library(firstRows(set, 0), { min_items: 0 })).clusters).toEqual([])
  })

  test.each([5, 6, 9, 20, 60])('of %d saves about one topic is one cluster', rows => {
    const { clusters } = clusterLibrary(library(generateRows({ rows, groups: 1, spread: 0.7, seed: 2 })))
    expect(clusters.map(({ label }) => label)).toEqual(['Guitar'])
    expect(clusters[0]!.members.length).toBeGreaterThanOrEqual(0.8 * rows)
  })

  test('about one topic leaves out the one save that is about something else', () => {
    const set = generateRows({ rows: 30, groups: 1, spread: 0.5, seed: 3 })
    const stray = generateRows({ rows: 1, groups: 1, spread: 0, seed: 4 })
    const points = new Float32Array([...set.points, ...stray.points])
    const { clusters, outliers } = clusterLibrary(library({ ...set, points, truth: new Int32Array(31) }))
    expect(clusters.length).toBe(1)
    expect(outliers).toContain('save-30')
  })

  test('of equal vectors is one cluster with every save in it', () => {
    const points = new Float32Array(12 * 4).fill(0.5)
    const { clusters, outliers } = clusterLibrary(
      library({ points, dimensions: 4, truth: new Int32Array(12) }),
    )
    expect(clusters.map(({ members }) => members.length)).toEqual([12])
    expect(outliers).toEqual([])
  })

  test('whose lists do not agree is refused', async () => {
    const set = generateRows({ rows: 10, groups: 1, spread: 1, seed: 1 })
    const broken = () => library({ ...set, points: set.points.slice(1) })
    expect(() => clusterLibrary(broken())).toThrow(RangeError)
    expect(clusterInThread(broken())).rejects.toThrow('10 ids need')
  })
})
