// A save whose content was READY already, or that came back from the archive: it joins the nearest cluster, and what
// has changed since the last clustering may be enough for the next.
import { handle } from '../src/handler.ts'
import { joinNearest } from '../src/intelligence/clusters/store.ts'
import { placeSave } from '../src/intelligence/jobs.ts'
import { sendDueClusterings } from '../src/intelligence/send-clusterings.ts'
import { bumpLibrary } from '../src/library/versions/store.ts'

export default handle(placeSave, {
  async run([payload], context) {
    const { user_id, content_id } = payload!
    return [
      async tx => {
        await joinNearest(tx, payload!, context.models.embeddingModel)
        await bumpLibrary(tx, user_id)
        await sendDueClusterings(tx, context, content_id, user_id)
      },
    ]
  },
})
