import * as v from 'valibot'
import { AuditEntryAnswer } from '../../accounts/audit-log/schema.ts'
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

const Percent = v.pipe(v.number(), v.minValue(0), v.maxValue(100))

export const DetailedHealthAnswer = v.object({
  health: v.object({
    status: v.picklist(['healthy', 'degraded', 'unhealthy']),
    version: v.string(),
    timestamp: Time,
    uptime_seconds: v.number(),
    checks: v.object({
      database: v.object({
        status: Condition,
        answer_ms: v.nullable(v.number()),
        queue: Condition,
        vector_db: Condition,
        row_security: v.nullable(v.boolean()),
      }),
      llm: v.object({ status: Condition, provider: v.picklist(['openai', 'local']) }),
      circuit_breakers: v.record(v.string(), v.picklist(['closed', 'open', 'half_open'])),
      system: v.object({
        cpu_percent: Percent,
        memory_percent: Percent,
        disk_percent: v.nullable(Percent),
      }),
    }),
  }),
  metrics: v.object({
    requests_per_minute: v.number(),
    active_connections: v.number(),
    error_rate: v.number(),
    average_response_time: v.number(),
  }),
  logs: v.array(AuditEntryAnswer),
})

nameSchemas({ Health: HealthAnswer, DetailedHealth: DetailedHealthAnswer })
