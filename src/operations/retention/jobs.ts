import * as v from 'valibot'
import { defineJob } from '../../ground/queue/queue.ts'

/** Drops what is kept for a time only. */
export const dropOldRows = defineJob({ name: 'drop-old-rows', schema: v.object({}) })
