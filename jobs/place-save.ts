// A save whose content was READY already, or that came back from the archive: it joins the nearest cluster, and what
// has changed since the last clustering may be enough for the next.

import { hasSave, joinNearest } from '../src/clustering/clusters/store.ts'
import { placeSave } from '../src/clustering/jobs.ts'
import { sendDueClusterings } from '../src/clustering/send-clusterings.ts'
import { Unseen } from '../src/ground/queue/queue.ts'
import { handle } from '../src/handler.ts'
import { bumpLibrary } from '../src/library/versions/store.ts'

export default handle(placeSave, {
  async run([payload], context) {
    const { user_id, save_id, content_id } = payload!
    if (!(await hasSave(context.database.sql, user_id, save_id))) return [new Unseen()]
    return [
      async tx => {
        await joinNearest(tx, { content_id, user_id }, context.models.embeddingModel)
        await bumpLibrary(tx, user_id)
        await sendDueClusterings(tx, context, [user_id])
      },
    ]
  },
})
