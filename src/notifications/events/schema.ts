import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'

export const StreamAnswer = v.pipe(
  v.string(),
  v.description(
    'Server-Sent Events: `id` is the number of the event, `event` its type, `data` its facts as one line of JSON.',
  ),
)

nameSchemas({ EventStream: StreamAnswer })
