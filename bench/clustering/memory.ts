// What the server's process pays for grouping 50,000 saves: reading, grouping, naming, the map and writing, of a Trove
// of its own process on a real PostgreSQL (Linux; inside `sh scripts/run.sh`):
//   bun scripts/postgres.ts bun bench/clustering/memory.ts [saves]
// Memory is the highest resident size during the run, less the size before it.
import { setTimeout as delay } from 'node:timers/promises'
import { EMBEDDING_DIMENSIONS } from '../../src/vocabulary.ts'
import { openBigLibrary } from './library.ts'

const saves = Number(process.argv[2] ?? 50_000)
const library = await openBigLibrary(saves)
const vectors = (saves * EMBEDDING_DIMENSIONS * 4) / 1e6

for (let count = 0; count < 200; count++) await library.user.get('/v1/items')
await delay(3000)
const idle = library.memory('VmRSS')
for (const run of ['first run', 'second run', 'third run']) {
  const before = library.memory('VmRSS')
  library.forgetPeak()
  await library.longestPause()
  const { seconds } = await library.rebuild()
  const pause = await library.longestPause()
  const peak = library.memory('VmHWM')
  await delay(10_000)
  console.log(
    `${run} of ${saves} × ${EMBEDDING_DIMENSIONS}: ${seconds.toFixed(1)} s; before ${before.toFixed(0)} MB, ` +
      `grew by ${(peak - before).toFixed(0)} MB, over the idle process by ${(peak - idle).toFixed(0)} MB ` +
      `(vectors ${vectors.toFixed(0)} MB, goal ${(1.6 * vectors + 60).toFixed(0)}); ` +
      `ten seconds later ${library.memory('VmRSS').toFixed(0)} MB; longest pause of the event loop ${pause.toFixed(0)} ms`,
  )
}
await library.bench.close()
