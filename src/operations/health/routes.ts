import { problem } from '../../ground/http/problem.ts'
import type { Address, Route } from '../../ground/http/route.ts'
import { VERSION } from '../../ground/version.ts'
import { route } from '../../route.ts'
import { condition } from './condition.ts'
import { HealthAnswer, ReadyAnswer } from './schema.ts'
import { checkDatabase, expectDatabase } from './store.ts'

const notReady = problem(503, 'NOT_READY', 'The server is starting or stopping', { retry_after: 1 })

/** Where other systems have their probes; with that, `/api/v1/…` answers as well. */
const alias = (path: string): Address[] => [`GET /v1/${path}`]

const getHealth = route(
  'GET /health',
  {
    id: 'getHealth',
    tag: 'Operations',
    summary: 'Is the process alive',
    description:
      'Always answers, whatever is away: `degraded` says that a service is. For what decides about traffic see `/ready`.',
    may: 'anybody',
    limit: 'none',
    aliases: alias('health'),
    gives: {
      body: HealthAnswer,
      text: 'How each service is.',
      example: {
        status: 'healthy',
        version: '0.1.0',
        timestamp: '2026-01-15T09:14:02.310Z',
        services: { database: 'healthy', queue: 'healthy', vector_db: 'healthy', ai: 'healthy' },
      },
    },
  },
  async ({ sql, context: { models } }) => {
    const { database, vectors, queue } = await checkDatabase(sql)
    const services = {
      database: condition(database),
      queue: condition(queue),
      vector_db: condition(vectors),
      // Local models are loaded on first use; a provider is ill while its breaker keeps us from asking.
      ai: condition(models.isWell()),
    }
    const isWell = Object.values(services).every(service => service === 'healthy')
    return {
      status: isWell ? ('healthy' as const) : ('degraded' as const),
      version: VERSION,
      timestamp: new Date().toISOString(),
      services,
    }
  },
)

/** Whether the process lives (`/health`, always 200) and whether it should get requests (`/ready`). */
export const healthRoutes = (isReady: () => boolean): Route[] => [
  getHealth,
  route(
    'GET /ready',
    {
      id: 'getReady',
      tag: 'Operations',
      summary: 'Should it get requests',
      description: '503 until the database is migrated and the queues are there, and while the server stops.',
      may: 'anybody',
      limit: 'none',
      aliases: alias('ready'),
      gives: { body: ReadyAnswer, text: 'It may get requests.', example: { status: 'ready' } },
      problems: [notReady],
    },
    async ({ sql }) => {
      if (!isReady()) throw notReady()
      await expectDatabase(sql)
      return { status: 'ready' as const }
    },
  ),
]
