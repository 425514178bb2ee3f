// Last of the chain: the content gets its vector and is READY.
import { clusterLibrary } from '#jobs/cluster-library'
import { ContentJob } from '#jobs/content-job'
import { failContent } from '#jobs/fail-content'
import { tellSavers } from '#jobs/tell'
import { saveEmbedding } from '../src/intelligence/vectors/store.ts'
import { findReadable, markReady, type ReadableContent } from '../src/library/contents/store.ts'
import { noteClustering } from '../src/library/jobs/store.ts'
import { bumpSavers, findUnclustered } from '../src/library/versions/store.ts'
import { embeddingText } from '../src/models/embedding-text.ts'
import { defineJob } from '../src/queue.ts'

const toText = (content: ReadableContent) =>
  embeddingText(content, {
    topic_main: content.topic_main ?? '',
    category_high: content.category_high ?? 'Misc',
    subcategories: content.subcategories,
  })

/** Clustering waits this long after the change that made it due, so that a hundred saves cost one run. */
const SETTLE_SECONDS = 5

export const embedContent = defineJob<ContentJob>({
  name: 'embed-content',
  schema: ContentJob,
  batchSize: 50,

  async run(payloads, context) {
    const { config, database, models, queue } = context
    const readable = await findReadable(database.sql, payloads)
    const { model, vectors } = await models.embed(readable.map(toText))
    const byId = new Map(readable.map(({ content_id }, i) => [content_id, vectors[i]!]))
    return payloads.map(payload => {
      const vector = byId.get(payload.content_id)
      if (vector instanceof Error) return vector
      return async tx => {
        if (!vector || !(await markReady(tx, payload))) return
        await saveEmbedding(tx, payload.content_id, model, vector)
        await bumpSavers(tx, payload.content_id, 1)
        await tellSavers(tx, context, payload.content_id, 'ready')
        for (const user_id of await findUnclustered(tx, payload.content_id, config.CLUSTER_MIN_ITEMS)) {
          const delay = { delaySeconds: SETTLE_SECONDS }
          await noteClustering(tx, user_id, await queue.enqueue(tx, clusterLibrary, { user_id }, delay))
        }
      }
    })
  },

  giveUp: (payload, _, context) =>
    failContent(payload, 'The content could not be embedded. Try again later.', context),
})
