// Daily: what is kept for a time only goes, a few thousand rows a statement, so that no lock is held for long.
import * as v from 'valibot'
import { dropOld, KEPT } from '../src/database/drop-old.ts'
import { dropVectorsBut, findActiveModel } from '../src/intelligence/vectors/store.ts'
import type { Log } from '../src/log.ts'
import { defineJob } from '../src/queue.ts'

const ROWS_A_STATEMENT = 5000

export const dropOldRows = defineJob({
  name: 'drop-old-rows',
  schema: v.object({}),

  async run([_], { database: { sql }, log, models }) {
    for (const table of KEPT) {
      await dropAll(log, table.name, most => dropOld(sql, table, most))
    }
    // The vectors of a model that is neither compared nor moved to.
    const used = [await findActiveModel(sql, models.embeddingModel), models.embeddingModel]
    await dropAll(log, 'content_embeddings', most => dropVectorsBut(sql, used, most))
    return [async () => {}]
  },
})

async function dropAll(log: Log, table: string, drop: (most: number) => Promise<number>): Promise<void> {
  let dropped = 0
  for (let rows = ROWS_A_STATEMENT; rows === ROWS_A_STATEMENT; dropped += rows) {
    rows = await drop(ROWS_A_STATEMENT)
  }
  if (dropped > 0) log.info('Old rows dropped', { table, rows: dropped })
}
