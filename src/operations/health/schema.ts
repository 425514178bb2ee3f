import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { Time } from '../../ground/http/schemas.ts'

const Condition = v.picklist(['healthy', 'unhealthy'])

export const HealthAnswer = v.object({
  status: v.picklist(['healthy', 'degraded']),
  version: v.string(),
  timestamp: Time,
  services: v.object({ database: Condition, queue: Condition, vector_db: Condition, ai: Condition }),
})

export const ReadyAnswer = v.object({ status: v.literal('ready') })

nameSchemas({ Health: HealthAnswer })
