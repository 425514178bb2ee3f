// pg-boss' own dashboard, behind the admin's name and password.
import type { DashboardHandler } from '@pg-boss/dashboard/handler'
import { Elysia } from 'elysia'
import type { Context } from '../../context.ts'
import { LARGEST_BODY, readBytes } from '../../ground/http/body/body.ts'
import type { Answering } from '../../ground/http/route.ts'
import { admitAdmin } from './admit-admin.ts'
import { asOwn, DASHBOARD_PATH, noFonts } from './own-page.ts'

export { DASHBOARD_PATH } from './own-page.ts'

export function createDashboard(context: Context) {
  const admit = admitAdmin(context)
  let opened: Promise<DashboardHandler> | undefined

  const open = async () => {
    const { createDashboardHandler } = await import('@pg-boss/dashboard/handler')
    return createDashboardHandler({
      databases: [{ url: context.database.url, name: 'Trove' }],
      basePath: DASHBOARD_PATH,
    })
  }

  const handle = async ({ request, set }: { request: Request; set: Answering }): Promise<Response> => {
    await admit(request, set)
    // Opened on first use: it holds database connections of its own.
    opened ??= open()
    return noFonts(request) ?? asOwn(await (await opened)(await withBody(request)))
  }

  const raw = { parse: 'none' } as const
  const routes = new Elysia({ name: 'dashboard', detail: { hide: true } })
    .all(DASHBOARD_PATH, handle, raw)
    .all(`${DASHBOARD_PATH}/*`, handle, raw)
    // What the overview shows, when it is reached from another page of the dashboard.
    .all(`${DASHBOARD_PATH}.data`, handle, raw)
  const close = async () => {
    await (await opened)?.close()
  }
  return { routes, close }
}

/** The request with its body read: the dashboard would take one of any size. */
async function withBody(request: Request): Promise<Request> {
  if (request.body === null) return request
  return new Request(request, { body: await readBytes(request, LARGEST_BODY) })
}
