// Sends jobs that failed for good back to the queues they came from, once what made them fail is repaired.
//   bun scripts/redrive.ts          says how many there are
//   bun scripts/redrive.ts --all    sends all of them
//   bun scripts/redrive.ts <id …>   sends those dead letters
import process from 'node:process'
import { readConfig } from '../src/config/config.ts'
import { openDatabase } from '../src/ground/database/connection.ts'
import { createLog } from '../src/ground/log/log.ts'
import { DEAD_LETTER, Queue } from '../src/ground/queue/queue.ts'
import { countDeadLetters } from '../src/operations/metrics/store.ts'
import { JOBS } from '../src/rooms.ts'

const config = { ...readConfig(), ROLE: 'api' as const }
if (!config.DATABASE_URL) {
  console.error('The embedded database belongs to its server. Set DATABASE_URL to the one of your Postgres.')
  process.exit(78)
}
const wanted = process.argv.slice(2)
const ids = wanted.filter(word => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(word))
const isAll = wanted.length === 1 && wanted[0] === '--all'
if (!isAll && ids.length < wanted.length) {
  console.error('Give --all, or ids of dead letters, or nothing to count them.')
  process.exit(64)
}

const database = await openDatabase(config)
const queue = new Queue(database, config, createLog({ ...config, LOG_LEVEL: 'warn' }))
await queue.start(JOBS)
if (wanted.length > 0) console.log(`${await queue.redrive(isAll ? undefined : ids)} sent back`)
for (const { queue: name, jobs } of await countDeadLetters(database.sql, DEAD_LETTER)) {
  if (jobs > 0) console.log(`${jobs} dead of ${name}`)
}
await queue.stop(1)
await database.close()
