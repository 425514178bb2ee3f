// k-means beside scikit-learn and ml-kmeans on the same vectors, in one run, interleaved:
// `bun bench/clustering.ts [rounds]`. Needs Debian's python3-sklearn.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { kmeans as mlKmeans } from 'ml-kmeans'
import { kmeans } from '../src/clustering/engine/kmeans/kmeans.ts'
import { generateRows, vMeasure } from '../test/clustering/generated-rows.ts'
import { startScikitLearn } from './clustering/scikit-learn.ts'

const ROWS = 10_000
const DIMENSIONS = 512
const GROUPS = 30
const rounds = Number(process.argv[2] ?? 5)

interface Measured {
  ms: number
  cpu_ms: number
  inertia: number
  labels: ArrayLike<number>
}

const folder = mkdtempSync(join(tmpdir(), 'clustering-'))
const python = await startScikitLearn()
console.log(`scikit-learn ${python.version}, one thread; ours on ${process.versions.bun ? 'Bun' : 'Deno'}`)

for (const spread of [2, 3, 4]) {
  const set = generateRows({ rows: ROWS, groups: GROUPS, spread, seed: 1, dimensions: DIMENSIONS })
  const points = join(folder, 'points.f32')
  writeFileSync(points, new Uint8Array(set.points.buffer as ArrayBuffer))
  const ask = { points, dimensions: DIMENSIONS, k: GROUPS }
  const sides: Record<string, (round: number) => Measured | Promise<Measured>> = {
    'ours, start included': round => ours(set.points, round),
    'scikit-learn, n_init=1': round => python.fit({ ...ask, n_init: 1, seed: round }),
    'scikit-learn, n_init=10': round => python.fit({ ...ask, n_init: 10, seed: round }),
  }
  const results = new Map(Object.keys(sides).map(name => [name, [] as Measured[]]))
  for (let round = 1; round <= rounds; round++) {
    for (const [name, run] of Object.entries(sides)) results.get(name)!.push(await run(round))
  }
  console.log(`\n${ROWS} × ${DIMENSIONS}, k = ${GROUPS}, spread ${spread}; medians of ${rounds} rounds`)
  for (const [name, each] of results) {
    const inertias = each.map(({ inertia }) => inertia)
    const v = each.map(({ labels }) => vMeasure(set.truth, labels))
    console.log(
      `  ${name.padEnd(24)} ${median(each.map(it => it.ms)).toFixed(0)} ms (CPU ${median(each.map(it => it.cpu_ms)).toFixed(0)}), ` +
        `inertia ${median(inertias).toFixed(1)} (${Math.min(...inertias).toFixed(1)}–${Math.max(...inertias).toFixed(1)}), ` +
        `V ${median(v).toFixed(4)} (${Math.min(...v).toFixed(4)}–${Math.max(...v).toFixed(4)})`,
    )
  }
  if (spread === 2) compareMlKmeans(set.points, median(results.get('ours, start included')!.map(it => it.ms)))
}
python.close()
rmSync(folder, { recursive: true })
console.log(`\nload average at the end: ${loadavg().map(load => load.toFixed(1))}`)

/** One round, since it takes so long; the array a row that it wants is made before. */
function compareMlKmeans(points: Float32Array, oursMs: number): void {
  const rows = Array.from({ length: ROWS }, (_, row) =>
    Array.from(points.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS)),
  )
  const start = performance.now()
  mlKmeans(rows, GROUPS, { seed: 1 })
  const ms = performance.now() - start
  console.log(
    `  ml-kmeans, its own start: ${ms.toFixed(0)} ms (one round), ${(ms / oursMs).toFixed(0)} × ours`,
  )
}

function ours(points: Float32Array, seed: number): Measured {
  const cpu = process.cpuUsage()
  const start = performance.now()
  const { inertia, assignments } = kmeans({ points, dimensions: DIMENSIONS, k: GROUPS, seed })
  const ms = performance.now() - start
  return { ms, cpu_ms: cpuMs(cpu), inertia, labels: assignments }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

/** Of all threads, the compiler's included. */
function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1000
}
