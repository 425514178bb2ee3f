// Mounts the rooms, in order. What every route shares comes first: hooks cover only what is registered after them.
import { type AnyElysia, Elysia } from 'elysia'
import { accountRoutes } from './accounts/routes.ts'
import { createEvents } from './channels/events/routes.ts'
import { webhookRoutes } from './channels/webhooks/routes.ts'
import type { Context } from './context.ts'
import { Problem } from './errors.ts'
import { docsRoutes } from './http/docs.ts'
import { openapiDocument } from './http/openapi.ts'
import { everyRequest, PROBES } from './http/request.ts'
import { checked } from './http/validation.ts'
import { clusterRoutes } from './intelligence/clusters/routes.ts'
import { mapRoutes } from './intelligence/map/routes.ts'
import { searchRoutes } from './intelligence/search/routes.ts'
import { similarRoutes } from './intelligence/similar/routes.ts'
import { itemRoutes } from './library/items/routes.ts'
import { createThumbnails } from './library/thumbnails/routes.ts'
import { auditRoutes } from './operations/audit-log/routes.ts'
import { createDashboard } from './operations/dashboard/routes.ts'
import { deadLetterRoutes } from './operations/dead-letters/routes.ts'
import { healthRoutes } from './operations/health/routes.ts'
import { jobRoutes } from './operations/jobs/routes.ts'
import { createMetricsRoutes } from './operations/metrics/routes.ts'
import { libraryPageRoutes } from './pages/library/routes.ts'
import { VERSION } from './version.ts'

export { DOCS_PATH } from './http/docs.ts'
export { DASHBOARD_PATH } from './operations/dashboard/routes.ts'
export { LIBRARY_PATH } from './pages/library/routes.ts'

/**
 * @param isReady what `/ready` says
 * @param isOpen false: all but the probes' routes answer 503. A process that stops is open for a while after it was ready.
 * @returns the app, what ends its streams so that a stop need not wait for them, and what closes the connections
 * that its routes opened.
 */
export function createApp(context: Context, isReady: () => boolean = () => true, isOpen = isReady) {
  const dashboard = createDashboard(context)
  const events = createEvents(context)
  const metrics = createMetricsRoutes(context, isReady)
  const thumbnails = createThumbnails(context)
  let document: ReturnType<typeof openapiDocument> | undefined
  const describe = (origin: string): object => {
    document ??= openapiDocument(app, VERSION)
    return document(origin)
  }
  const app: AnyElysia = new Elysia({ normalize: true, handler: { standardHostname: false } })
    .use(everyRequest(context, () => app.routes))
    .onRequest(({ request }) => {
      const isWorker = context.config.ROLE === 'worker'
      if ((isOpen() && !isWorker) || PROBES.has(new URL(request.url).pathname)) return
      if (isWorker) {
        throw new Problem(
          421,
          'ONLY_A_WORKER',
          'This process only does jobs. Ask one whose ROLE is api or all.',
        )
      }
      throw new Problem(503, 'NOT_READY', 'The server is starting or stopping. Try again shortly.', {
        retry_after: 1,
      })
    })
  const rooms: AnyElysia[] = [
    healthRoutes(context, isReady),
    metrics.routes,
    docsRoutes(context, describe),
    libraryPageRoutes(context),
    dashboard.routes,
    deadLetterRoutes(context),
    accountRoutes(context),
    itemRoutes(context),
    thumbnails.routes,
    similarRoutes(context),
    mapRoutes(context),
    clusterRoutes(context),
    searchRoutes(context),
    jobRoutes(context),
    events.routes,
    webhookRoutes(context),
    auditRoutes(context),
  ]
  for (const room of rooms) app.use(checked(room))
  const close = async () => {
    metrics.close()
    thumbnails.close()
    await dashboard.close()
  }
  return { app, endStreams: events.end, close }
}
