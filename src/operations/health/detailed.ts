// For who looks after the server: what it needs, what the machine has left, and what was done of late.
import { statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import process from 'node:process'
import { listAudit } from '../../accounts/audit-log/store.ts'
import { mayDo } from '../../accounts/permissions.ts'
import type { Context } from '../../context.ts'
import type { Pool } from '../../ground/database/connection.ts'
import { rowSecurity } from '../../ground/database/row-security.ts'
import type { Route } from '../../ground/http/route.ts'
import { VERSION } from '../../ground/version.ts'
import { route } from '../../route.ts'
import { memoryLimit } from '../metrics/memory-limit.ts'
import { condition } from './condition.ts'
import { percent, type Sampler } from './sampler.ts'
import { DetailedHealthAnswer } from './schema.ts'
import { checkDatabase } from './store.ts'

const MOST_LOGS = 50
const HOUR_MS = 3_600_000

async function checkAll(sql: Pool, { breakers, models, config }: Context, cpu_percent: number) {
  const begun = performance.now()
  const { database, vectors, queue } = await checkDatabase(sql)
  const answer_ms = Math.round((performance.now() - begun) * 10) / 10
  const states = breakers.states()
  const isWell =
    vectors && queue && models.isWell() && Object.values(states).every(state => state === 'closed')
  return {
    status: database ? (isWell ? ('healthy' as const) : ('degraded' as const)) : ('unhealthy' as const),
    checks: {
      database: {
        ...{ status: condition(database), answer_ms: database ? answer_ms : null },
        ...{ queue: condition(queue), vector_db: condition(vectors) },
        row_security: rowSecurity(sql) ?? null,
      },
      llm: { status: condition(models.isWell()), provider: config.MODELS },
      circuit_breakers: states,
      system: {
        cpu_percent,
        memory_percent: percent(process.memoryUsage().rss / memoryLimit()),
        disk_percent: await diskPercent(config.DATA_DIR),
      },
    },
  }
}

/** Of the disk that the folder is on, or would be; null where the system does not tell. */
async function diskPercent(folder: string): Promise<number | null> {
  for (let path = resolve(folder); ; path = dirname(path)) {
    try {
      const { blocks, bfree, bavail } = await statfs(path)
      const used = blocks - bfree
      return percent(used / (used + bavail))
    } catch {
      if (path === dirname(path)) return null
    }
  }
}

/** What was done in the last hour, by whomever. */
const latestAudit = (sql: Pool) => {
  const from = new Date(Date.now() - HOUR_MS).toISOString()
  const filters = { user_id: undefined, action: undefined, from, to: undefined }
  return listAudit(sql, filters, { limit: MOST_LOGS, offset: 0, after: undefined })
}

const openConnections = async ({ metrics: { openRequests, streams } }: Context): Promise<number> => {
  const counts = await Promise.all([openRequests.get(), streams.get()])
  return counts.reduce((all, { values }) => all + (values[0]?.value ?? 0), 0)
}

export const detailedHealth = (sampler: Sampler): Route =>
  route(
    'GET /v1/health/detailed',
    {
      id: 'getDetailedHealth',
      tag: 'Operations',
      summary: 'How the server is, in detail',
      description:
        'Of the process that answers; its `metrics` are those of the last minute. `logs` is what was done in the last hour by all users, which admins alone are shown: for others it is empty.',
      may: 'read_health',
      limit: 'health_detailed',
      gives: {
        body: DetailedHealthAnswer,
        text: 'How the server is.',
        example: {
          health: {
            status: 'healthy',
            version: '0.1.0',
            timestamp: '2026-01-15T09:14:02.310Z',
            uptime_seconds: 86_400.5,
            checks: {
              database: {
                status: 'healthy',
                answer_ms: 1.2,
                queue: 'healthy',
                vector_db: 'healthy',
                row_security: true,
              },
              llm: { status: 'healthy', provider: 'local' },
              circuit_breakers: { youtube: 'closed' },
              system: { cpu_percent: 12.5, memory_percent: 31.2, disk_percent: 48 },
            },
          },
          metrics: {
            requests_per_minute: 120,
            active_connections: 4,
            error_rate: 0,
            average_response_time: 0.012,
          },
          logs: [],
        },
      },
    },
    async ({ sql, user, context }) => {
      const { cpu_percent, ...counted } = await sampler.lastMinute()
      const [{ status, checks }, active_connections, logs] = await Promise.all([
        checkAll(sql, context, cpu_percent),
        openConnections(context),
        mayDo(user.permissions, 'admin') ? latestAudit(sql) : [],
      ])
      return {
        health: {
          status,
          version: VERSION,
          timestamp: new Date().toISOString(),
          uptime_seconds: Math.round(process.uptime() * 1000) / 1000,
          checks,
        },
        metrics: { ...counted, active_connections },
        logs,
      }
    },
  )
