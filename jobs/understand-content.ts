// Second of the chain: a model reads the text and tells topic, category, intent, places and names.
import type { Context } from '../src/context.ts'
import type { Sql } from '../src/ground/database/connection.ts'
import { together } from '../src/ground/database/together.ts'
import { emit } from '../src/ground/domain-events.ts'
import { handle } from '../src/handler.ts'
import { failContent } from '../src/ingestion/fail-content.ts'
import { type ContentJob, embedContent, understandContent } from '../src/ingestion/jobs.ts'
import { missedRun } from '../src/ingestion/missed-run.ts'
import { writeAnalysis } from '../src/library/contents/runs/store.ts'
import { findNote, findReadable, type ReadableContent } from '../src/library/contents/store.ts'
import { contentProgressed } from '../src/library/events.ts'
import { fetchPictures } from '../src/models/fetch-pictures.ts'
import type { Analysis, AnalysisInput } from '../src/models/models.ts'

export default handle(understandContent, {
  async run(payloads, context) {
    const { database, models, queue } = context
    const readable = await findReadable(database.sql, payloads)
    const analyses = await models.analyse(await toInputs(readable, payloads[0]?.user_id, context))
    const byId = new Map(readable.map((content, i) => [content.content_id, ofContent(content, analyses[i]!)]))
    const outcomeOf = (payload: ContentJob) => {
      const analysis = byId.get(payload.content_id)
      if (!analysis) return missedRun(database.sql, payload)
      if (analysis instanceof Error) return analysis
      return async (tx: Sql) => {
        const written = await writeAnalysis(tx, payload, analysis)
        if (!written) return
        const isOther = written === 'other'
        await together(
          emit(tx, context, contentProgressed, {
            content_id: payload.content_id,
            attempt: payload.attempt,
            is_other: isOther,
            stage: 'embedding',
            progress: 70,
          }),
          queue.enqueue(tx, embedContent, { ...payload, is_other: isOther || payload.is_other }),
        )
      }
    }
    return Promise.all(payloads.map(outcomeOf))
  },

  giveUp: (payload, _, context) =>
    failContent(payload, 'The content could not be understood. Try again later.', context),
})

async function toInputs(
  readable: ReadableContent[],
  asker: string | undefined,
  context: Context,
): Promise<AnalysisInput[]> {
  const { config, database, fetcher } = context
  // The local models see nothing, so nothing is fetched for them.
  const addresses = config.MODELS === 'openai' ? readable.map(({ thumbnail_url }) => thumbnail_url) : []
  const pictures = await fetchPictures(fetcher, addresses, asker)
  const notes = readable.map(({ content_id, metadata_source }) =>
    metadata_source === 'note' ? findNote(database.sql, content_id) : null,
  )
  return Promise.all(
    readable.map(async (content, i) => ({
      ...content,
      picture: pictures[i],
      note: (await notes[i]) ?? null,
    })),
  )
}

/** A note is private and a content is shared: of what a note says only values of closed lists are kept. */
function ofContent({ metadata_source }: ReadableContent, analysis: Analysis | Error): Analysis | Error {
  if (analysis instanceof Error || metadata_source !== 'note') return analysis
  const nothing = { topic_main: '', subcategories: [], locations: [], entities: [] }
  return { ...analysis, ...nothing, visual_description: null, visual_tags: [] }
}
