// Last of the chain: the content gets its vector, if the model knows enough of it, and is READY.

import { dropEmbedding, findActiveModel, saveEmbedding } from '../src/discovery/vectors/store.ts'
import type { Sql } from '../src/ground/database/connection.ts'
import { together } from '../src/ground/database/together.ts'
import { emit } from '../src/ground/domain-events.ts'
import { handle } from '../src/handler.ts'
import { contentText } from '../src/ingestion/content-text.ts'
import { failContent } from '../src/ingestion/fail-content.ts'
import { type ContentJob, embedContent } from '../src/ingestion/jobs.ts'
import { missedRun } from '../src/ingestion/missed-run.ts'
import { markReady } from '../src/library/contents/runs/store.ts'
import { findReadable } from '../src/library/contents/store.ts'
import { contentReady } from '../src/library/events.ts'
import type { Embedded, Models } from '../src/models/models.ts'

export default handle(embedContent, {
  async run(payloads, context) {
    const { database, models } = context
    const [readable, active] = await Promise.all([
      findReadable(database.sql, payloads),
      findActiveModel(database.sql, models.embeddingModel),
    ])
    const texts = readable.map(contentText)
    const embedded = await models.embed(texts)
    const standing = await embedByActive(models, active, texts)
    const byId = new Map(readable.map(({ content_id }, i) => [content_id, i]))
    const outcomeOf = (payload: ContentJob) => {
      const at = byId.get(payload.content_id)
      const vector = at === undefined ? undefined : embedded.vectors[at]
      if (vector === undefined) return missedRun(database.sql, payload)
      if (vector instanceof Error) return vector
      return async (tx: Sql) => {
        const written = await markReady(tx, payload)
        if (!written) return
        const isOther = written === 'other' || payload.is_other === true
        const other = standing?.vectors[at!]
        await together(
          vector === null
            ? dropEmbedding(tx, payload.content_id, embedded.model)
            : saveEmbedding(tx, payload.content_id, embedded.model, vector),
          other instanceof Float32Array
            ? saveEmbedding(tx, payload.content_id, standing!.model, other)
            : undefined,
          emit(tx, context, contentReady, {
            content_id: payload.content_id,
            attempt: payload.attempt,
            is_other: isOther,
          }),
        )
      }
    }
    return Promise.all(payloads.map(outcomeOf))
  },

  giveUp: (payload, _, context) =>
    failContent(payload, 'The content could not be embedded. Try again later.', context),
})

/** While the vectors move to another model, what is new is found by the old one as well, where that can be asked. */
async function embedByActive(models: Models, active: string, texts: string[]): Promise<Embedded | undefined> {
  if (active === models.embeddingModel || !models.canEmbedBy(active)) return undefined
  return models.embed(texts, active)
}
