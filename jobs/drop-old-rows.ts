// Daily: what is kept for a time only goes, so many rows a statement that no lock is held for long.

import { dropCopiesBut } from '../src/discovery/copies/store.ts'
import { dropOldInteractions } from '../src/discovery/interactions/counts/store.ts'
import { discoveryVariables } from '../src/discovery/variables.ts'
import { dropVectorsBut, findActiveModel } from '../src/discovery/vectors/store.ts'
import { dropOld } from '../src/ground/database/drop-old.ts'
import type { Log } from '../src/ground/log/log.ts'
import { settingsOf } from '../src/ground/variable.ts'
import { handle } from '../src/handler.ts'
import { dropUnsaved, keepTrashed, markUnsaved } from '../src/library/contents/drop-unsaved.ts'
import { dropOldRows } from '../src/operations/retention/jobs.ts'
import { TABLES } from '../src/rooms.ts'

const ROWS_A_STATEMENT = 5000
/** Each takes its vectors along, and whoever saves one of them meanwhile waits. */
const CONTENTS_A_STATEMENT = 200

export default handle(dropOldRows, {
  async run([_], { config, database: { sql }, log, models }) {
    for (const [name, { keeps: days }] of Object.entries(TABLES)) {
      if (typeof days === 'number') await dropAll(log, name, most => dropOld(sql, { name, days }, most))
    }
    const { INTERACTION_DAYS } = settingsOf(discoveryVariables)(config)
    const dropInteractions = (most: number) =>
      sql.begin(tx => dropOldInteractions(tx, INTERACTION_DAYS, most))
    await dropAll(log, 'interactions', dropInteractions)
    // The vectors of a model that is neither compared nor moved to.
    const used = [await findActiveModel(sql, models.embeddingModel), models.embeddingModel]
    await dropAll(log, 'content_embeddings', most => dropVectorsBut(sql, used, most))
    await dropAll(log, 'saved_embeddings', most => dropCopiesBut(sql, used, most))
    await inTurns(CONTENTS_A_STATEMENT, most => markUnsaved(sql, most))
    await inTurns(CONTENTS_A_STATEMENT, most => keepTrashed(sql, most))
    const drop = (most: number) => sql.begin(tx => dropUnsaved(tx, most))
    await dropAll(log, 'shared_contents', drop, CONTENTS_A_STATEMENT)
    return [async () => {}]
  },
})

async function dropAll(
  log: Log,
  table: string,
  drop: (most: number) => Promise<number>,
  most = ROWS_A_STATEMENT,
): Promise<void> {
  const rows = await inTurns(most, drop)
  if (rows > 0) log.info('Old rows dropped', { table, rows })
}

/** `change` again and again, until it finds less than the `most` that it may. @returns how many rows it changed. */
async function inTurns(most: number, change: (most: number) => Promise<number>): Promise<number> {
  let changed = 0
  for (let rows = most; rows === most; changed += rows) rows = await change(most)
  return changed
}
