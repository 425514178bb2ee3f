import { Elysia } from 'elysia'
import type { Context } from '../../context.ts'
import { Problem } from '../../errors.ts'
import { answers } from '../../http/openapi.ts'
import { VERSION } from '../../version.ts'
import { HealthAnswer, ReadyAnswer } from './schema.ts'
import { checkDatabase, expectDatabase } from './store.ts'

/** Whether the process lives (`/health`, always 200) and whether it should get requests (`/ready`). */
export function healthRoutes(context: Context, isReady: () => boolean) {
  return new Elysia({ tags: ['Operations'] })
    .get(
      '/health',
      async () => {
        const { database, vectors, queue } = await checkDatabase(context.database.sql)
        const condition = (isWell: boolean) => (isWell ? ('healthy' as const) : ('unhealthy' as const))
        const services = {
          database: condition(database),
          queue: condition(queue),
          vector_db: condition(vectors),
          // Local models are loaded on first use; a provider is ill while its breaker keeps us from asking.
          ai: condition(context.models.isWell()),
        }
        const isWell = Object.values(services).every(service => service === 'healthy')
        return {
          status: isWell ? ('healthy' as const) : ('degraded' as const),
          version: VERSION,
          timestamp: new Date().toISOString(),
          services,
        }
      },
      {
        response: answers({ 200: HealthAnswer }, []),
        detail: { operationId: 'getHealth', summary: 'Is the process alive', security: [] },
      },
    )
    .get(
      '/ready',
      async () => {
        if (!isReady()) {
          throw new Problem(503, 'NOT_READY', 'The server is starting or stopping', { retry_after: 1 })
        }
        await expectDatabase(context.database.sql)
        return { status: 'ready' as const }
      },
      {
        response: answers({ 200: ReadyAnswer }, []),
        detail: { operationId: 'getReady', summary: 'Should it get requests', security: [] },
      },
    )
}
