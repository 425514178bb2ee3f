// pg-boss' own dashboard, behind the admin's name and password.
import type { DashboardHandler } from '@pg-boss/dashboard/handler'
import { Elysia } from 'elysia'
import type { Context } from '../../context.ts'
import type { Answer } from '../../http/rate-limit.ts'
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

  const handle = async ({ request, set }: { request: Request; set: Answer }): Promise<Response> => {
    await admit(request, set)
    // Opened on first use: it holds database connections of its own.
    opened ??= open()
    return noFonts(request) ?? asOwn(await (await opened)(request))
  }

  const routes = new Elysia({ name: 'dashboard', detail: { hide: true } })
    .all(DASHBOARD_PATH, handle, { parse: 'none' })
    .all(`${DASHBOARD_PATH}/*`, handle, { parse: 'none' })
    // What the overview shows, when it is reached from another page of the dashboard.
    .all(`${DASHBOARD_PATH}.data`, handle, { parse: 'none' })
  const close = async () => {
    await (await opened)?.close()
  }
  return { routes, close }
}
