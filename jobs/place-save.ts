// A save whose content was READY already, or that came back from the archive: it joins the nearest cluster, and what
// has changed since the last clustering may be enough for the next.
import * as v from 'valibot'
import { sendDueClusterings } from '#jobs/send-clusterings'
import { joinNearest } from '../src/intelligence/clusters/store.ts'
import { bumpLibrary } from '../src/library/versions/store.ts'
import { defineJob } from '../src/queue.ts'

const Uuid = v.pipe(v.string(), v.uuid())
const PlaceSave = v.object({ user_id: Uuid, save_id: Uuid, content_id: Uuid })
type PlaceSave = v.InferOutput<typeof PlaceSave>

export const placeSave = defineJob<PlaceSave>({
  name: 'place-save',
  schema: PlaceSave,
  concurrency: 2,
  lane: ({ user_id }) => user_id,

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
