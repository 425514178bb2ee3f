// npm run reembed: moves all vectors to the configured embedding model, and shows how far that is. The workers do it;
// this only asks for it and watches, so it may be stopped and started again at any time. A server does the same by
// itself when it starts with another model.
import { setTimeout as pause } from 'node:timers/promises'
import { readConfig } from '../src/config/config.ts'
import { reembedContents } from '../src/discovery/jobs.ts'
import { adoptModel, countUnembedded } from '../src/discovery/vectors/store.ts'
import { createBreakers } from '../src/ground/breakers.ts'
import { openDatabase } from '../src/ground/database/connection.ts'
import { createLog } from '../src/ground/log/log.ts'
import { Queue } from '../src/ground/queue/queue.ts'
import { createModels } from '../src/models/models.ts'
import { JOBS } from '../src/rooms.ts'

const config = { ...readConfig(), ROLE: 'api' as const }
if (!config.DATABASE_URL) {
  console.error(
    'The embedded database belongs to its server, which moves the vectors by itself when it starts.',
  )
  process.exit(78)
}
const log = createLog({ ...config, LOG_LEVEL: 'warn' })
const database = await openDatabase(config)
const { sql } = database
const queue = new Queue(database, config, log)
const models = createModels(config, { sql, breakers: createBreakers(log), log })
const target = models.embeddingModel

await queue.start(JOBS)
const before = await adoptModel(sql, target)
await sql.begin(tx => queue.enqueue(tx, reembedContents, { after: null }))
console.log(before === target ? `Filling in vectors of ${target}` : `Moving from ${before} to ${target}`)
for (let left = -1; ; ) {
  const now = await countUnembedded(sql, target)
  if (now !== left) console.log(`${now} contents to go`)
  left = now
  // What the model refuses is left without a vector, and holds up nothing.
  const isMoved = (await adoptModel(sql, target)) === target
  if (isMoved && (left === 0 || before !== target)) break
  await pause(1000)
}
console.log(`All vectors are of ${target}`)
await queue.stop(1)
await models.close()
await database.close()
