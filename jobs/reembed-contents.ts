// The configured embedding model has changed: every READY content gets a vector of the new one, a batch a job, each
// sending the next. The old vectors go on to answer until the last batch is done; then the new ones do.

import { copyVectors } from '../src/discovery/copies/store.ts'
import { vectorsMoved } from '../src/discovery/events.ts'
import { reembedContents } from '../src/discovery/jobs.ts'
import {
  activateModel,
  findActiveModel,
  findUnembedded,
  saveEmbedding,
} from '../src/discovery/vectors/store.ts'
import { emit } from '../src/ground/domain-events.ts'
import { handle } from '../src/handler.ts'
import { contentText } from '../src/ingestion/content-text.ts'
import { findReadable } from '../src/library/contents/store.ts'

const CONTENTS_A_JOB = 50
const BUDGET_PAUSE_SECONDS = 900

/** Today's money is spent; the vectors of the stand-in would not help. */
class BudgetSpent extends Error {
  readonly retry_after = BUDGET_PAUSE_SECONDS
}

export default handle(reembedContents, {
  async run([payload], context) {
    const { database, log, models, queue } = context
    const { sql } = database
    const target = models.embeddingModel
    const batch = await findUnembedded(sql, target, payload!.after, CONTENTS_A_JOB)
    if (batch.length === 0) {
      const active = await findActiveModel(sql, target)
      if (active === target) return [async () => {}]
      log.info('All contents have vectors of the new model', { model: target, before: active })
      return [
        async tx => {
          await activateModel(tx, target)
          await emit(tx, context, vectorsMoved, { model: target })
        },
      ]
    }
    const readable = await findReadable(sql, batch)
    const { model, vectors } = await models.embed(readable.map(contentText))
    if (model !== target) return [new BudgetSpent('The budget of the day is spent')]
    return [
      async tx => {
        for (const [i, { content_id }] of readable.entries()) {
          const vector = vectors[i]
          if (vector instanceof Float32Array) await saveEmbedding(tx, content_id, target, vector)
        }
        await copyVectors(
          tx,
          readable.map(({ content_id }) => content_id),
        )
        await queue.enqueue(tx, reembedContents, { after: batch.at(-1)!.content_id })
      },
    ]
  },
})
