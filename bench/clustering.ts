// Our k-means beside ml-kmeans, in one run, interleaved: `bun bench/clustering.ts [rounds]`.
// ml-kmeans is measured from our starts, and, where it does not take minutes, with its own k-means++ start.
import { kmeans as mlKmeans } from 'ml-kmeans'
import { chooseK } from '../src/intelligence/choose-k.ts'
import { kmeans, lloyd } from '../src/intelligence/kmeans.ts'
import { generateRows, vMeasure } from '../test/intelligence/generated-rows.ts'

const DIMENSIONS = 512
const rounds = Number(process.argv[2] ?? 5)
const OWN_START_ROWS = 2000

for (const [rows, groups] of [
  [200, 12],
  [2000, 30],
  [10_000, 30],
] as const) {
  const set = generateRows({ rows, groups, spread: 2, seed: 1, dimensions: DIMENSIONS })
  const starts = set.points.slice(0, groups * DIMENSIONS)
  const sides: Record<string, () => void> = {
    'kmeans, start included': () => kmeans({ ...set, k: groups, seed: 1 }),
    'our iterations': () => lloyd(set.points, DIMENSIONS, starts.slice()),
    'ml-kmeans from the same starts, copy included': () =>
      mlKmeans(rowsOf(set.points), groups, { initialization: rowsOf(starts) }),
    chooseK: () => chooseK({ ...set, seed: 1 }),
  }
  if (rows <= OWN_START_ROWS) {
    sides['ml-kmeans with its own start'] = () => mlKmeans(rowsOf(set.points), groups, { seed: 1 })
  }
  const times = new Map(Object.keys(sides).map(name => [name, [] as number[]]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(sides)) {
      const start = performance.now()
      run()
      times.get(name)!.push(performance.now() - start)
    }
  }
  const { assignments } = kmeans({ ...set, k: groups, seed: 1 })
  const k = chooseK({ ...set, seed: 1 })
  console.log(
    `\n${rows} × ${DIMENSIONS}, ${groups} groups: V ${vMeasure(set.truth, assignments).toFixed(3)}, k found ${k}`,
  )
  for (const [name, each] of times)
    console.log(`  ${name.padEnd(48)} ${median(each).toFixed(0).padStart(7)} ms`)
}

function rowsOf(points: Float32Array): number[][] {
  return Array.from({ length: points.length / DIMENSIONS }, (_, row) =>
    Array.from(points.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS)),
  )
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}
