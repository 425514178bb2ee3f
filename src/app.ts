// Turns the rooms' routes into a server.
import { type AnyElysia, Elysia } from 'elysia'
import { admitting } from './accounts/admission/admit.ts'
import type { Account } from './accounts/admission/store.ts'
import { SECURITY_SCHEMES, securityOf } from './accounts/security-schemes.ts'
import { SECTIONS } from './config/config.ts'
import type { Context } from './context.ts'
import { audit } from './ground/http/audit/store.ts'
import { clientNetwork } from './ground/http/edge/client-address.ts'
import type { LimitName } from './ground/http/limits/limits.ts'
import { rateLimiter } from './ground/http/limits/rate-limit.ts'
import { type MountDeps, mount } from './ground/http/mount.ts'
import { docsRoutes } from './ground/http/openapi/docs.ts'
import { openapiDocument } from './ground/http/openapi/openapi.ts'
import { notReady, onlyAWorker } from './ground/http/problems.ts'
import { everyRequest, PROBES } from './ground/http/request.ts'
import type { Route } from './ground/http/route.ts'
import { VERSION } from './ground/version.ts'
import { admitAdmin } from './operations/dashboard/admit-admin.ts'
import { createDashboard } from './operations/dashboard/routes.ts'
import { detailedHealth } from './operations/health/detailed.ts'
import { healthRoutes } from './operations/health/routes.ts'
import { startSampler } from './operations/health/sampler.ts'
import { createMetricsRoutes } from './operations/metrics/routes.ts'
import { variablesRoute } from './operations/settings/variables-route.ts'
import { GAUGES, ROOMS, ticks } from './rooms.ts'

const TAGS = ROOMS.flatMap(({ tags = {} }) =>
  Object.entries(tags).map(([name, description]) => ({ name, description })),
)
const TEXTS = {
  tags: TAGS,
  words: ROOMS.flatMap(({ words = {} }) => words),
  version: VERSION,
  security: { schemes: SECURITY_SCHEMES, of: securityOf },
}

export { DOCS_PATH } from './ground/http/openapi/docs.ts'
export { DASHBOARD_PATH } from './operations/dashboard/routes.ts'
export { LIBRARY_PATH } from './web/library/routes.ts'

/**
 * @param isReady what `/ready` says
 * @param isOpen false: all but the probes' routes answer 503. A process that stops is open for a while after it was ready.
 * @returns the app and its routes, what ends its streams so that a stop need not wait for them, and what closes what its
 * routes opened.
 */
export function createApp(context: Context, isReady: () => boolean = () => true, isOpen = isReady) {
  const { config } = context
  const dashboard = createDashboard(context)
  const clockQueues = ticks(config).map(({ job }) => job.name)
  const metrics = createMetricsRoutes(context, clockQueues, GAUGES, isReady)
  const sampler = startSampler(context)
  let document: ReturnType<typeof openapiDocument> | undefined
  const describe = (origin: string): object => {
    document ??= openapiDocument(app, routes, TEXTS)
    return document(origin)
  }
  const routes: Route[] = [
    ...healthRoutes(isReady),
    detailedHealth(sampler),
    variablesRoute(SECTIONS),
    ...metrics.routes,
    ...docsRoutes(describe),
    ...ROOMS.flatMap(({ routes = [] }) => routes),
  ]
  const app = serveRoutes(context, routes, dashboard.routes, ({ url }) => {
    const isWorker = config.ROLE === 'worker'
    if ((isOpen() && !isWorker) || PROBES.has(new URL(url).pathname)) return
    throw isWorker ? onlyAWorker() : notReady()
  })
  const close = async () => {
    metrics.close()
    sampler.stop()
    for (const { closes } of ROOMS) await closes?.(context)
    await dashboard.close()
  }
  const end = () => {
    for (const { ends } of ROOMS) ends?.(context)
  }
  return { app, routes, end, close }
}

/**
 * The app of these routes, with all that every request passes.
 * @param others what is no route of ours
 * @param refuse throws for what is not to be answered at present
 */
export function serveRoutes(
  context: Context,
  routes: Route[],
  others: AnyElysia = new Elysia(),
  refuse: (request: Request) => void = () => {},
): AnyElysia {
  const { config, database, queue } = context
  const admit = admitting(context)
  const deps: MountDeps<Context, Account> = {
    context,
    sql: database.sql,
    begin: work => queue.begin(work),
    admit: async (request, set, says) =>
      says.may === 'operate' ? admitAdmin(context)(request, set, says) : admit(request, set, says),
    count: (request, set, { limit }, user, hits) =>
      rateLimiter(context).count(limit as LimitName, user?.id ?? clientNetwork(request), set, hits),
    audit,
    isStrict: config.ENVIRONMENT !== 'production',
  }
  const app: AnyElysia = new Elysia({ normalize: true, handler: { standardHostname: false } })
    .use(everyRequest(context, () => app.routes))
    .onRequest(({ request }) => refuse(request))
    .use(others)
    .use(mount(routes, deps))
  return app
}
