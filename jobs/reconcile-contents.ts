// Hourly: a content that is not READY yet and has no job left, as after a queue that was restored from an older
// backup, starts again; and what is READY without a vector of the configured model gets one. Nothing else finds them.
import { v7 as uuidv7 } from 'uuid'
import { reembedContents } from '../src/discovery/jobs.ts'
import { findUnembedded } from '../src/discovery/vectors/store.ts'
import { handle } from '../src/handler.ts'
import { fetchContent, reconcileContents } from '../src/ingestion/jobs.ts'
import { restart } from '../src/library/contents/runs/store.ts'
import { findStranded, noteChain } from '../src/library/jobs/store.ts'
import { bumpSavers } from '../src/library/versions/store.ts'

/** So much at once; the next hour takes the next. */
const MOST = 500

export default handle(reconcileContents, {
  async run([_], { database, log, models, queue }) {
    const stranded = await findStranded(database.sql, MOST)
    if (stranded.length > 0) log.warn('Contents had lost their job', { contents: stranded.length })
    const [unembedded] = await findUnembedded(database.sql, models.embeddingModel, null, 1)
    return [
      async tx => {
        if (unembedded) await queue.enqueue(tx, reembedContents, { after: null })
        for (const content_id of stranded) {
          const run = { content_id, attempt: uuidv7() }
          await restart(tx, run)
          await noteChain(tx, run, undefined, { isForAll: true })
          await bumpSavers(tx, [content_id])
          await queue.enqueue(tx, fetchContent, { ...run, request_id: 'reconcile' }, { id: run.attempt })
        }
      },
    ]
  },
})
