// How near the number of groups that is found comes to the true one: `bun bench/clustering/chosen-k.ts`.
// V-measures are of k-means at the number found, and at the true one.
import { chooseK } from '../../src/intelligence/choose-k.ts'
import { kmeans } from '../../src/intelligence/kmeans.ts'
import { generateRows, vMeasure } from '../../test/intelligence/generated-rows.ts'

let sets = 0
let near = 0
let worst = 1
for (const [rows, groups] of [
  [100, 4],
  [200, 10],
  [500, 20],
  [1000, 8],
  [2000, 12],
  [2000, 30],
  [5000, 50],
  [10_000, 30],
  [10_000, 80],
] as const) {
  for (const spread of [1, 2, 3]) {
    for (const seed of [1, 2]) {
      const set = generateRows({ rows, groups, spread, seed, dimensions: 512 })
      const k = chooseK({ ...set, seed })
      const v = vMeasure(set.truth, kmeans({ ...set, k, seed }).assignments)
      const best = vMeasure(set.truth, kmeans({ ...set, k: groups, seed }).assignments)
      const share = v / best
      sets++
      if (Math.abs(k - groups) <= 0.15 * groups) near++
      worst = Math.min(worst, share)
      console.log(
        `${rows} rows, ${groups} groups, spread ${spread}, seed ${seed}: k ${k}, V ${v.toFixed(3)}, ${share.toFixed(3)} of V at the true k`,
      )
    }
  }
}
console.log(`within 15 %: ${near} of ${sets}; lowest share of V at the true k: ${worst.toFixed(3)}`)
