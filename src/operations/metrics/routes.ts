import { Registry } from 'prom-client'
import type { Context } from '../../context.ts'
import { problem } from '../../ground/http/problem.ts'
import type { Gauges } from '../../ground/metrics/gauge.ts'
import { sameSecret } from '../../ground/secrets/same-secret.ts'
import { route } from '../../route.ts'
import { addAllGauges } from './gauges.ts'

export const METRICS_PATH = '/metrics'

const tokenWanted = problem(401, 'UNAUTHORIZED', 'Metrics ask for METRICS_TOKEN', {
  headers: { 'www-authenticate': 'Bearer' },
})

/** Prometheus' text form. Asks for METRICS_TOKEN; without one it answers anybody, but nobody in production. */
export function createMetricsRoutes(
  context: Context,
  clockQueues: string[],
  gauges: Gauges<Context>,
  isReady: () => boolean = () => true,
) {
  const { config, metrics } = context
  const isToken = config.METRICS_TOKEN ? sameSecret(config.METRICS_TOKEN) : undefined
  const isOpen = !isToken && config.ENVIRONMENT !== 'production'
  const looked = new Registry()
  const close = addAllGauges(context, looked, { isReady, clockQueues, gauges })

  const getMetrics = route(
    `GET ${METRICS_PATH}`,
    {
      id: 'getMetrics',
      tag: 'Operations',
      summary: 'Metrics of this process',
      // Guarded by METRICS_TOKEN, which is no user's.
      may: 'anybody',
      limit: 'none',
      hidden: true,
      gives: { text: 'Prometheus’ text form.' },
      problems: [tokenWanted],
    },
    async ({ request, set }) => {
      if (!isOpen && !carries(request, isToken)) throw tokenWanted()
      const headers = {
        ...(set.headers as Record<string, string>),
        'content-type': metrics.registry.contentType,
      }
      const texts = await Promise.all([metrics.registry.metrics(), looked.metrics()])
      return new Response(texts.join('\n'), { headers })
    },
  )
  return { routes: [getMetrics], close }
}

function carries(request: Request, isToken: ((given: string) => boolean) | undefined): boolean {
  const [scheme, token = ''] = (request.headers.get('authorization') ?? '').split(' ')
  return scheme?.toLowerCase() === 'bearer' && isToken?.(token) === true
}
