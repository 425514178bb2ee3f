import * as v from 'valibot'
import { nameSchemas } from '../../../ground/http/openapi/named-schemas.ts'
import { Id, Time } from '../../../ground/http/schemas.ts'

export const StatsAnswer = v.object({
  user_id: Id,
  saves: v.number(),
  works: v.number(),
  generations: v.number(),
  tags: v.number(),
  categories: v.number(),
  interactions: v.number(),
  storage_bytes: v.number(),
  first_activity: v.nullable(Time),
  last_activity: v.nullable(Time),
})

nameSchemas({ UserStats: StatsAnswer })
