// Last of the chain: the content gets its vector and is READY.
import { clusterLibrary } from '#jobs/cluster-library'
import { ContentJob } from '#jobs/content-job'
import { contentText } from '#jobs/content-text'
import { failContent } from '#jobs/fail-content'
import { tellSavers } from '#jobs/tell'
import { findActiveModel } from '../src/intelligence/vectors/active-model.ts'
import { saveEmbedding } from '../src/intelligence/vectors/store.ts'
import { findReadable, markReady } from '../src/library/contents/store.ts'
import { noteClustering } from '../src/library/jobs/store.ts'
import type { Embedded, Models } from '../src/models/models.ts'
import { defineJob } from '../src/queue.ts'

/** Clustering waits this long after the change that made it due, so that a hundred saves cost one run. */
const SETTLE_SECONDS = 5

export const embedContent = defineJob<ContentJob>({
  name: 'embed-content',
  schema: ContentJob,
  batchSize: 50,

  async run(payloads, context) {
    const { config, database, models, queue } = context
    const readable = await findReadable(database.sql, payloads)
    const texts = readable.map(contentText)
    const embedded = await models.embed(texts)
    const standing = await embedByActive(
      models,
      await findActiveModel(database.sql, models.embeddingModel),
      texts,
    )
    const byId = new Map(readable.map(({ content_id }, i) => [content_id, i]))
    return payloads.map(payload => {
      const at = byId.get(payload.content_id)
      const vector = at === undefined ? undefined : embedded.vectors[at]
      if (vector instanceof Error) return vector
      return async tx => {
        if (!vector || !(await markReady(tx, payload))) return
        await saveEmbedding(tx, payload.content_id, embedded.model, vector)
        const other = standing?.vectors[at!]
        if (other instanceof Float32Array) await saveEmbedding(tx, payload.content_id, standing!.model, other)
        for (const library of await tellSavers(tx, context, payload.content_id, 'ready')) {
          if (library.changes_since_clustering < config.CLUSTER_MIN_ITEMS) continue
          const { user_id } = library
          const delay = { delaySeconds: SETTLE_SECONDS }
          await noteClustering(tx, user_id, await queue.enqueue(tx, clusterLibrary, { user_id }, delay))
        }
      }
    })
  },

  giveUp: (payload, _, context) =>
    failContent(payload, 'The content could not be embedded. Try again later.', context),
})

/** While the vectors move to another model, what is new is found by the old one as well, where that can be asked. */
async function embedByActive(models: Models, active: string, texts: string[]): Promise<Embedded | undefined> {
  if (active === models.embeddingModel || !models.canEmbedBy(active)) return undefined
  return models.embed(texts, active)
}
