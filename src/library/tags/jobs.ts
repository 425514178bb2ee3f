import * as v from 'valibot'
import { defineJob } from '../../ground/queue/queue.ts'

const RefreshHierarchy = v.object({ user_id: v.pipe(v.string(), v.uuid()) })

/** Works out anew what stands above the tags that a user knows of. */
export const refreshTagHierarchy = defineJob<v.InferOutput<typeof RefreshHierarchy>>({
  name: 'refresh-tag-hierarchy',
  schema: RefreshHierarchy,
  isShown: true,
  onceFor: ({ user_id }) => user_id,
})

/** Counts anew how much there is of each tag. */
export const refreshTagCardinality = defineJob({ name: 'refresh-tag-cardinality', schema: v.object({}) })
