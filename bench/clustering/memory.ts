// What grouping 50,000 saves in a thread costs the process: `bun bench/clustering/memory.ts [rows]` (Linux).
// Memory is the highest resident size during the run, less what the process had before it had the vectors.
import { readFileSync, writeFileSync } from 'node:fs'
import { clusterInThread } from '../../src/intelligence/cluster-in-thread.ts'
import { seededRandom } from '../../src/intelligence/seeded-random.ts'

const DIMENSIONS = 512
const GROUPS = 60
const rows = Number(process.argv[2] ?? 50_000)
const before = megabytes('VmRSS')

const random = seededRandom(1)
const directions = Float32Array.from({ length: GROUPS * DIMENSIONS }, () => random() - 0.5)
const vectors = new Float32Array(rows * DIMENSIONS)
for (let row = 0; row < rows; row++) {
  const from = row * DIMENSIONS
  let square = 0
  for (let d = 0; d < DIMENSIONS; d++) {
    vectors[from + d] = directions[(row % GROUPS) * DIMENSIONS + d]! + 2 * (random() - 0.5)
    square += vectors[from + d]! ** 2
  }
  for (let d = 0; d < DIMENSIONS; d++) vectors[from + d]! /= Math.sqrt(square)
}
const size = vectors.byteLength / 1e6
const document = (row: number) => ({
  title: `How to make number ${row % 997} of topic ${row % GROUPS}`,
  topic_main: `topic ${row % GROUPS}`,
  tags: [`tag ${row % GROUPS}`],
  subcategories: [],
  author: null,
  category_high: 'Learning' as const,
})
const ids = Array.from({ length: rows }, (_, row) => `save-${row}`)
const documents = Array.from({ length: rows }, (_, row) => document(row))
const input = { ids, vectors, dimensions: DIMENSIONS, documents, previous: [], min_items: 5, seed: 1 }

writeFileSync('/proc/self/clear_refs', '5') // The peak is counted from here.
let longest = 0
let last = performance.now()
const ticks = setInterval(() => {
  longest = Math.max(longest, performance.now() - last)
  last = performance.now()
}, 1)
const start = performance.now()
const { clusters, outliers } = await clusterInThread(input)
const seconds = (performance.now() - start) / 1000
clearInterval(ticks)
const peak = megabytes('VmHWM') - before
console.log(
  `${rows} × ${DIMENSIONS}: ${clusters.length} clusters, ${outliers.length} outliers in ${seconds.toFixed(1)} s; ` +
    `vectors ${size.toFixed(0)} MB, peak ${peak.toFixed(0)} MB (goal ${(1.6 * size + 60).toFixed(0)}); ` +
    `longest pause of the event loop ${longest.toFixed(0)} ms`,
)

function megabytes(name: 'VmRSS' | 'VmHWM'): number {
  const line = readFileSync('/proc/self/status', 'utf8').match(new RegExp(`${name}:\\s+(\\d+) kB`))!
  return (Number(line[1]) * 1024) / 1e6
}
