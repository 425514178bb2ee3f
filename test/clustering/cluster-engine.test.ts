import { beforeAll, describe, expect, test } from 'bun:test'
import {
  type GroupInput,
  groupLibrary,
  type LibraryGroups,
} from '../../src/clustering/engine/cluster-engine.ts'
import { takeRows } from '../../src/clustering/engine/kmeans/nearest-centroids.ts'
import { drawLots, lotOf } from '../../src/clustering/map/draw-lots.ts'
import { findPlane } from '../../src/clustering/map/plane.ts'
import {
  type ClusterPage,
  type ClusterResult,
  clusterInThread,
  type PreviousCluster,
} from '../../src/clustering/threads/cluster-in-thread.ts'
import { type GeneratedRows, generateRows, vMeasure } from './generated-rows.ts'

type Library = GroupInput & { previous: PreviousCluster[] }

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

/** A library that was not grouped before. */
const library = (set: GeneratedRows, more: Partial<Library> = {}): Library => ({
  vectors: set.points,
  dimensions: set.dimensions,
  present: new Int32Array(set.truth.length).fill(-1),
  previous: [],
  min_items: 5,
  seed: 1,
  ...more,
})

/** In pages of 70 rows. */
function* pagesOf({ vectors, present, dimensions }: Library): Generator<ClusterPage> {
  for (let from = 0; from < present.length; from += 70) {
    const some = present.slice(from, from + 70)
    yield {
      ids: Array.from(some, (_, i) => `${from + i}`),
      vectors: vectors.slice(from * dimensions, (from + some.length) * dimensions),
      present: some,
      categories: new Uint8Array(some.length),
    }
  }
}

const inThread = (library: Library, read: Parameters<typeof clusterInThread>[1]) => {
  const { vectors: _, present, ...options } = library
  const most = present.length + 10
  return clusterInThread({ ...options, pages: pagesOf(library), most, previous_plane: undefined }, read)
}

const titleOf = (set: GeneratedRows, row: number) => `About ${TOPICS[set.truth[row]! % TOPICS.length]}`

/** Grouped and named; titles name the true topic. */
const cluster = (set: GeneratedRows, more: Partial<Library> = {}) =>
  inThread(library(set, more), async ids =>
    ids.map(id => ({
      title: titleOf(set, Number(id)),
      topic_main: null,
      tags: [],
      subcategories: [],
      author: null,
      category_high: 'Learning',
    })),
  )

/** A result as the next run finds it, with rows that were not there before. */
function after(result: ClusterResult, custom: Record<number, string> = {}, newRows = 0) {
  const previous: PreviousCluster[] = result.clusters.map(({ label, size, centroid }, at) => ({
    id: `cluster-${at}`,
    label: custom[at] ?? label,
    label_is_custom: at in custom,
    size,
    centroid,
  }))
  return { previous, present: Int32Array.from([...result.groups, ...new Array(newRows).fill(-1)]) }
}

/** Every row in one cluster. */
const together = (set: GeneratedRows, label_is_custom = false) => ({
  previous: [
    {
      id: 'all',
      label: 'Everything',
      label_is_custom,
      size: set.truth.length,
      centroid: set.points.slice(0, set.dimensions),
    },
  ],
  present: new Int32Array(set.truth.length),
})

const outliersOf = ({ groups }: Pick<LibraryGroups, 'groups'>) =>
  [...groups.keys()].filter(row => groups[row] === -1)

/** A set with further rows. */
function withRows(set: GeneratedRows, points: Float32Array): GeneratedRows {
  const all = new Float32Array([...set.points, ...points])
  const truth = Int32Array.from({ length: all.length / set.dimensions }, (_, row) => set.truth[row] ?? 0)
  return { points: all, dimensions: set.dimensions, truth }
}

function unit(values: Float32Array): Float32Array {
  const length = Math.hypot(...values)
  return values.map(value => value / length)
}

/** The first `rows` rows of a set. */
const firstRows = (set: GeneratedRows, rows: number): GeneratedRows => ({
  points: set.points.slice(0, rows * set.dimensions),
  dimensions: set.dimensions,
  truth: set.truth.slice(0, rows),
})

describe('a library', () => {
  const set = generateRows({ rows: 300, groups: 10, spread: 1, seed: 21, dimensions: 128 })
  let first: ClusterResult
  beforeAll(async () => {
    first = await cluster(set)
  })

  test('is grouped by its topics, and each group is named by its own', () => {
    const rows = [...first.groups.keys()].filter(row => first.groups[row] !== -1)
    expect(outliersOf(first).length).toBeLessThan(15)
    const truth = rows.map(row => set.truth[row]!)
    const found = rows.map(row => first.groups[row]!)
    expect(vMeasure(truth, found)).toBeGreaterThan(0.98)
    expect(first.clusters.map(({ label }) => label.toLowerCase()).sort()).toEqual([...TOPICS].sort())
    expect(first.silhouette).toBeGreaterThan(0.2)
  })

  test('has the largest cluster first, each with rows in order of their cosine to a centroid of unit length', () => {
    const sizes = first.clusters.map(({ size }) => size)
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a))
    for (const [at, { centroid, central, size }] of first.clusters.entries()) {
      expect(first.groups.filter(group => group === at).length).toBe(size)
      expect(central.length).toBe(size)
      expect([...central].every(row => first.groups[row] === at)).toBe(true)
      expect(Math.hypot(...centroid)).toBeCloseTo(1, 4)
      const likeness = Array.from(central, row => first.similarities[row]!)
      expect(likeness).toEqual([...likeness].sort((a, b) => b - a))
      const cosine = centroid.reduce((sum, value, d) => sum + value * set.points[central[0]! * 128 + d]!, 0)
      expect(likeness[0]).toBeCloseTo(cosine, 4)
    }
  })

  test('is described by the number and category of all members, and shown by titles of the most central', () => {
    for (const { short_description, cluster_type, titles, size, central } of first.clusters) {
      expect(short_description).toStartWith(`${size} saves about `)
      expect(cluster_type).toBe('Travel')
      expect(titles).toEqual(Array.from(central.slice(0, 8), row => titleOf(set, row)))
    }
  })

  test('that did not change gives the same clusters, ids, labels and members', async () => {
    expect(await cluster(set)).toEqual(first)
    const again = await cluster(set, after(first))
    expect(again).toEqual({
      ...first,
      clusters: first.clusters.map((cluster, at) => ({ ...cluster, id: `cluster-${at}`, is_same: true })),
    })
  })

  test('gives the same in a thread and read in pages, whose vectors the thread takes', async () => {
    const { found, ...rest } = groupLibrary(library(set))
    const { clusters, ids, plane, ...paged } = await inThread(library(set), async () => [])
    expect(paged).toEqual(rest)
    expect(ids).toEqual(Array.from(set.truth, (_, row) => `${row}`))
    const { points: vectors, dimensions } = set
    const rows = drawLots(Float64Array.from(ids, lotOf))
    expect(plane).toEqual(
      findPlane({
        vectors: takeRows(vectors, dimensions, rows),
        dimensions,
        groups: rows.map(row => rest.groups[row]!),
      }),
    )
    expect(clusters.map(({ central }) => central)).toEqual(found.map(({ central }) => central))
    const pages = [...pagesOf(library(set))]
    await clusterInThread({ ...library(set), pages, most: 300, previous_plane: undefined }, async () => [])
    expect(pages.map(({ vectors }) => vectors.length)).toEqual([0, 0, 0, 0, 0])
  })

  test('keeps a label that the user chose, and gives it to no other cluster', async () => {
    const { clusters } = await cluster(set, after(first, { 3: 'My Treasure' }))
    expect(clusters.filter(({ label }) => label === 'My Treasure').map(({ id }) => id)).toEqual(['cluster-3'])
  })

  test('keeps saves where they are while grouping anew would hardly be better', () => {
    const before = after(first)
    const moved = first.clusters[0]!.central.slice(-2)
    for (const row of moved) before.present[row] = 1
    before.previous[0]!.size -= 2
    before.previous[1]!.size += 2
    const { found, groups } = groupLibrary(library(set, before))
    const second = found.findIndex(({ id }) => id === 'cluster-1')
    expect(Array.from(moved, row => groups[row])).toEqual([second, second])
  })

  test('leaves out rows halfway between two clusters', () => {
    const [a, b] = [first.clusters[0]!, first.clusters[1]!]
    const between = unit(a.centroid.map((value, d) => value + b.centroid[d]!))
    expect(outliersOf(groupLibrary(library(withRows(set, between))))).toContain(300)
  })

  test('leaves out rows much farther from their cluster than its members are', () => {
    const stray = generateRows({ rows: 1, groups: 1, spread: 0, seed: 98, dimensions: 128 }).points
    const far = unit(first.clusters[0]!.centroid.map((value, d) => 0.4 * value + 0.9 * stray[d]!))
    expect(outliersOf(groupLibrary(library(withRows(set, far))))).toContain(300)
  })

  test('leaves out rows that belong nowhere', () => {
    const strays = generateRows({ rows: 8, groups: 8, spread: 0, seed: 99, dimensions: 128 })
    const outliers = outliersOf(groupLibrary(library(withRows(set, strays.points))))
    expect(outliers).toEqual(expect.arrayContaining(Array.from({ length: 8 }, (_, at) => 300 + at)))
  })
})

describe('a growing library', () => {
  test('keeps at least 97 % of its saves in place when 1 % is new, ids and labels included', async () => {
    const set = generateRows({ rows: 404, groups: 8, spread: 2, seed: 31, dimensions: 128 })
    const before = await cluster(firstRows(set, 400))
    const now = await cluster(set, after(before, {}, 4))
    const grouped = [...before.groups.keys()].filter(row => before.groups[row] !== -1)
    const same = grouped.filter(row => {
      const { id, label } = now.clusters[now.groups[row]!] ?? {}
      const was = before.groups[row]!
      return id === `cluster-${was}` && label === before.clusters[was]!.label
    })
    expect(grouped.length).toBeGreaterThan(350)
    expect(same.length).toBeGreaterThanOrEqual(0.97 * grouped.length)
    expect(now.groups.slice(400).filter(group => group !== -1).length).toBeGreaterThanOrEqual(2)
  })

  test('is grouped anew when it has outgrown its clusters', async () => {
    const set = generateRows({ rows: 200, groups: 8, spread: 1, seed: 32, dimensions: 128 })
    const { clusters } = await cluster(set, together(set))
    expect(clusters.length).toBe(8)
    expect(clusters.every(({ label }) => label !== 'Everything')).toBe(true)
  })

  test.each([
    [true, true],
    [false, false],
  ])(
    'that splits a cluster keeps its label when the user chose it (%p): %p',
    async (label_is_custom, stays) => {
      const set = generateRows({ rows: 100, groups: 2, spread: 0.5, seed: 34, dimensions: 128 })
      const { clusters } = await cluster(set, together(set, label_is_custom))
      expect(clusters.length).toBe(2)
      expect(clusters.filter(({ id }) => id === 'all').length).toBe(1)
      expect(clusters.find(({ id }) => id === 'all')!.label === 'Everything').toBe(stays)
    },
  )

  test('forgets a cluster whose saves are gone', async () => {
    const set = generateRows({ rows: 120, groups: 4, spread: 1, seed: 33, dimensions: 128 })
    const { previous, present } = after(await cluster(set))
    const stay = Array.from(set.truth.keys()).filter(row => set.truth[row] !== 0)
    const points = Float32Array.from(
      stay.flatMap(row => [...set.points.subarray(row * 128, (row + 1) * 128)]),
    )
    const { found } = groupLibrary({
      ...library({ points, dimensions: 128, truth: new Int32Array(stay.length) }),
      previous,
      present: Int32Array.from(stay, row => present[row]!),
    })
    expect(found.length).toBe(3)
    expect(new Set(found.map(({ id }) => id)).size).toBe(3)
    expect(found.every(({ id }) => previous.some(old => old.id === id))).toBe(true)
  })

  test.each([
    [0, true],
    [60, false],
  ])('whose cluster lost %d members has the same one: %p', (gone, is_same) => {
    const set = generateRows({ rows: 40, groups: 1, spread: 0.3, seed: 35, dimensions: 128 })
    const before = together(set)
    before.previous[0]!.size += gone
    const { found } = groupLibrary(library(set, before))
    expect(found).toEqual([expect.objectContaining({ id: 'all', is_same })])
  })
})

describe('a small library', () => {
  test('with fewer saves than min_items has no clusters', async () => {
    const set = generateRows({ rows: 4, groups: 1, spread: 0.2, seed: 1 })
    const result = await cluster(set)
    expect(result.clusters).toEqual([])
    expect(outliersOf(result)).toEqual([0, 1, 2, 3])
    expect(result.silhouette).toBe(0)
    expect(groupLibrary(library(firstRows(set, 0), { min_items: 0 })).found).toEqual([])
  })

  test.each([5, 6, 9, 20, 60])('of %d saves about one topic is one cluster', async rows => {
    const { clusters } = await cluster(generateRows({ rows, groups: 1, spread: 0.7, seed: 2 }))
    expect(clusters.map(({ label }) => label)).toEqual(['Guitar'])
    expect(clusters[0]!.size).toBeGreaterThanOrEqual(0.8 * rows)
  })

  test('about one topic leaves out the one save that is about something else', () => {
    const set = generateRows({ rows: 30, groups: 1, spread: 0.5, seed: 3 })
    const stray = generateRows({ rows: 1, groups: 1, spread: 0, seed: 4 })
    const result = groupLibrary(library(withRows(set, stray.points)))
    expect(result.found.length).toBe(1)
    expect(outliersOf(result)).toContain(30)
  })

  test('of equal vectors is one cluster with every save in it', () => {
    const points = new Float32Array(12 * 4).fill(0.5)
    const result = groupLibrary(library({ points, dimensions: 4, truth: new Int32Array(12) }))
    expect(result.found.map(({ size }) => size)).toEqual([12])
    expect(outliersOf(result)).toEqual([])
  })

  test('whose lists do not agree is refused', () => {
    const set = generateRows({ rows: 10, groups: 1, spread: 1, seed: 1 })
    const broken = library({ ...set, points: set.points.slice(1) })
    expect(() => groupLibrary(broken)).toThrow(RangeError)
    expect(inThread(broken, async () => [])).rejects.toThrow('10 rows need')
  })
})
