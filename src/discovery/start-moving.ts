import type { Context } from '../context.ts'
import { reembedContents } from './jobs.ts'
import { adoptModel } from './vectors/store.ts'

/** At start: when the configured model is not the one whose vectors are compared, they begin to move to it. */
export async function startMoving({ database: { sql }, log, models, queue }: Context): Promise<void> {
  const [active, target] = [await adoptModel(sql, models.embeddingModel), models.embeddingModel]
  if (active === target) return
  log.info('The vectors move to another model', { from: active, to: target })
  await sql.begin(tx => queue.enqueue(tx, reembedContents, { after: null }))
}
