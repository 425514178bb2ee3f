// Daily: what is kept for a time only goes, a few thousand rows a statement, so that no lock is held for long.
import * as v from 'valibot'
import { dropOld, KEPT } from '../src/database/drop-old.ts'
import { defineJob } from '../src/queue.ts'

const ROWS_A_STATEMENT = 5000

export const dropOldRows = defineJob({
  name: 'drop-old-rows',
  schema: v.object({}),

  async run([_], { database, log }) {
    for (const table of KEPT) {
      let dropped = 0
      for (let rows = ROWS_A_STATEMENT; rows === ROWS_A_STATEMENT; dropped += rows) {
        rows = await dropOld(database.sql, table, ROWS_A_STATEMENT)
      }
      if (dropped > 0) log.info('Old rows dropped', { table: table.name, rows: dropped })
    }
    return [async () => {}]
  },
})
