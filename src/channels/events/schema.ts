import * as v from 'valibot'
import { nameSchemas } from '../../http/openapi/named-schemas.ts'

/** What can happen in a library. The database checks the same values (sql/0003_reading.sql). */
export const EVENT_TYPES = ['content.ready', 'content.failed', 'job.progress', 'clusters.updated'] as const
export type EventType = (typeof EVENT_TYPES)[number]

export const StreamAnswer = v.pipe(
  v.string(),
  v.description(
    'Server-Sent Events: `id` is the number of the event, `event` its type, `data` its facts as one line of JSON.',
  ),
)

nameSchemas({ EventStream: StreamAnswer })
