// The clustering kernel on this runtime: it computes what it should, and grouping gives the same bits everywhere.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { buildKernel } from '../../scripts/kernel.ts'
import { rowProducts } from '../../src/clustering/engine/kernel/row-products.ts'
import { seededRandom } from '../../src/clustering/engine/kmeans/seeded-random.ts'
import { clusterInThread } from '../../src/clustering/threads/cluster-in-thread.ts'

/** Numbers between −1 and 1, made by arithmetic that is exact on every runtime. */
function numbers(count: number, seed: number): Float32Array {
  const random = seededRandom(seed)
  return Float32Array.from({ length: count }, () => 2 * random() - 1)
}

function products(a: Float32Array, b: Float32Array, dimensions: number): Float32Array {
  const out = new Float32Array((a.length / dimensions) * (b.length / dimensions))
  rowProducts(a, b, dimensions, out)
  return out
}

describe('the kernel', () => {
  test('is the one that its source compiles to', async () => {
    const committed = readFileSync(new URL('../../src/clustering/engine/kernel/kernel.wasm', import.meta.url))
    assert.ok(Buffer.from(await buildKernel()).equals(committed), 'run: bun scripts/kernel.ts')
  })

  test('gives the dot products of rows, whatever their number and length', () => {
    for (const [m, n, dimensions] of [
      [1, 1, 1],
      [3, 5, 7],
      [9, 2, 16],
      [5, 300, 513],
      [300, 70, 512],
      [2, 3, 70_000],
      [0, 3, 4],
      [3, 0, 4],
    ] as const) {
      const a = numbers(m * dimensions, 1)
      const b = numbers(n * dimensions, 2)
      const found = products(a, b, dimensions)
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let sum = 0
          for (let d = 0; d < dimensions; d++) sum += a[i * dimensions + d]! * b[j * dimensions + d]!
          const off = Math.abs(found[i * n + j]! - sum)
          assert.ok(off <= 1e-6 * dimensions, `${m} × ${n} of ${dimensions}: row ${i}, ${j} is off by ${off}`)
        }
      }
    }
  })

  test('gives the same bits with the sides exchanged, and for a row alone', () => {
    const [a, b] = [numbers(200 * 50, 3), numbers(90 * 50, 4)]
    const there = products(a, b, 50)
    const back = products(b, a, 50)
    for (let i = 0; i < 200; i++)
      for (let j = 0; j < 90; j++) assert.equal(there[i * 90 + j], back[j * 200 + i])
    assert.deepEqual(products(a.slice(50 * 131, 50 * 132), b, 50), there.slice(90 * 131, 90 * 132))
  })
})

describe('a library grouped in a thread', () => {
  test('gets the same groups, to the last bit of their centroids, on every runtime', async () => {
    const dimensions = 96
    const directions = numbers(12 * dimensions, 5)
    const vectors = numbers(1800 * dimensions, 6)
    for (let row = 0; row < 1800; row++) {
      let square = 0
      for (let d = row * dimensions; d < (row + 1) * dimensions; d++) {
        vectors[d] = directions[(row % 12) * dimensions + (d % dimensions)]! + 2 * vectors[d]!
        square += vectors[d]! ** 2
      }
      for (let d = row * dimensions; d < (row + 1) * dimensions; d++) vectors[d]! /= Math.sqrt(square)
    }
    const document = { title: 'A', topic_main: null, tags: [], subcategories: [], author: null }
    const { clusters, groups, similarities, silhouette } = await clusterInThread(
      {
        pages: [
          {
            ids: Array.from({ length: 1800 }, (_, row) => `${row}`),
            vectors,
            categories: new Uint8Array(1800),
            present: new Int32Array(1800).fill(-1),
          },
        ],
        most: 1800,
        dimensions,
        previous: [],
        previous_plane: undefined,
        min_items: 5,
        seed: 1,
      },
      async ids => ids.map(() => ({ ...document, category_high: 'Learning' as const })),
    )
    assert.equal(clusters.length, 12)
    const rows = [...groups.keys()]
    const outliers = rows.filter(row => groups[row] === -1).map(row => `save-${row}`)
    const hash = createHash('sha256').update(JSON.stringify({ outliers, silhouette }))
    for (const [at, { centroid }] of clusters.entries()) {
      const members = rows
        .filter(row => groups[row] === at)
        .sort((a, b) => similarities[b]! - similarities[a]! || a - b)
        .map(row => ({ id: `save-${row}`, similarity: similarities[row] }))
      hash.update(new Uint8Array(centroid.buffer)).update(JSON.stringify(members))
    }
    assert.equal(hash.digest('hex').slice(0, 16), 'f3da343c20a67e25')
  })
})
