// How near the number of groups that is found comes to the true one: `bun bench/clustering/chosen-k.ts`.
// V-measures are of k-means at the number found, and at the true one. Faint groups, and one group alone, are counted
// apart.
import { chooseK } from '../../src/clustering/engine/choose-k.ts'
import { kmeans } from '../../src/clustering/engine/kmeans/kmeans.ts'
import { generateRows, vMeasure } from '../../test/clustering/generated-rows.ts'

type Set = readonly [rows: number, groups: number]

const CLEAR: Set[] = [
  [100, 4],
  [200, 10],
  [500, 20],
  [1000, 8],
  [2000, 12],
  [2000, 30],
  [5000, 50],
  [10_000, 30],
  [10_000, 80],
]
const FAINT: Set[] = [
  [2000, 12],
  [2000, 30],
  [5000, 10],
  [5000, 50],
  [10_000, 30],
]
const ONE: Set[] = [
  [1000, 1],
  [3000, 1],
  [10_000, 1],
]

measure('clear', CLEAR, [1, 2, 3])
measure('faint', FAINT, [3.5, 4])
measure('one topic', ONE, [1, 2, 3, 4])

function measure(name: string, sizes: Set[], spreads: number[]): void {
  let sets = 0
  let near = 0
  let worst = 1
  const times: number[] = []
  for (const [rows, groups] of sizes) {
    for (const spread of spreads) {
      for (const seed of [1, 2]) {
        const set = generateRows({ rows, groups, spread, seed, dimensions: 512 })
        const start = performance.now()
        const k = chooseK({ ...set, seed })
        times.push(performance.now() - start)
        const v = vMeasure(set.truth, kmeans({ ...set, k, seed }).assignments)
        const share = v / vMeasure(set.truth, kmeans({ ...set, k: groups, seed }).assignments)
        sets++
        if (Math.abs(k - groups) <= 0.15 * groups) near++
        worst = Math.min(worst, share)
        console.log(
          `${rows} rows, ${groups} groups, spread ${spread}, seed ${seed}: k ${k}, V ${v.toFixed(3)}, ${share.toFixed(3)} of V at the true k, ${times.at(-1)!.toFixed(0)} ms`,
        )
      }
    }
  }
  const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!
  console.log(
    `${name}: within 15 %: ${near} of ${sets}; lowest share of V at the true k: ${worst.toFixed(3)}; chosen in ${median.toFixed(0)} ms (median)\n`,
  )
}
