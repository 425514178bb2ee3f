import * as v from 'valibot'
import { defineJob } from '../../ground/queue/queue.ts'

/** Removes for good what has been in somebody's trash for TRASH_DAYS. */
export const emptyTrashes = defineJob({ name: 'empty-trash', schema: v.object({}) })
