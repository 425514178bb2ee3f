// Second of the chain: a model reads the text and tells topic, category, intent, places and names.
import { ContentJob } from '#jobs/content-job'
import { embedContent } from '#jobs/embed-content'
import { failContent } from '#jobs/fail-content'
import { findReadable, writeAnalysis } from '../src/library/contents/store.ts'
import { bumpSavers } from '../src/library/versions/store.ts'
import { defineJob } from '../src/queue.ts'

export const understandContent = defineJob<ContentJob>({
  name: 'understand-content',
  schema: ContentJob,
  batchSize: 50,

  async run(payloads, { database, models, queue }) {
    const readable = await findReadable(database.sql, payloads)
    const analyses = await models.analyse(readable)
    const byId = new Map(readable.map(({ content_id }, i) => [content_id, analyses[i]!]))
    return payloads.map(payload => async tx => {
      const analysis = byId.get(payload.content_id)
      if (!analysis || !(await writeAnalysis(tx, payload, analysis))) return
      await bumpSavers(tx, payload.content_id)
      await queue.enqueue(tx, embedContent, payload)
    })
  },

  giveUp: payload => failContent(payload, 'The content could not be understood. Try again later.'),
})
