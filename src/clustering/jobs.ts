import * as v from 'valibot'
import { defineJob } from '../ground/queue/queue.ts'

const Uuid = v.pipe(v.string(), v.uuid())

const ClusterJob = v.object({ user_id: Uuid })

/** Groups a user's READY saves again. */
export const clusterLibrary = defineJob<v.InferOutput<typeof ClusterJob>>({
  name: 'cluster-library',
  schema: ClusterJob,
  isShown: true,
  onceFor: ({ user_id }) => user_id,
  // So that a large library does not hold up a small one; each holds its vectors in memory meanwhile.
  concurrency: 2,
  lane: ({ user_id }) => user_id,
  actsAs: ({ user_id }) => user_id,
})

/** Groups every library again that has changed since it was grouped. */
export const clusterDue = defineJob({ name: 'cluster-due', schema: v.object({}) })

const PlaceSave = v.object({ user_id: Uuid, save_id: Uuid, content_id: Uuid })

/** Puts a save whose content was READY already, or that came back from the archive, into the nearest cluster. */
export const placeSave = defineJob<v.InferOutput<typeof PlaceSave>>({
  name: 'place-save',
  schema: PlaceSave,
  concurrency: 2,
  lane: ({ user_id }) => user_id,
  actsAs: ({ user_id }) => user_id,
})
