// pg-boss' own dashboard, behind the admin's name and password (HTTP Basic, RFC 7617).
import { createHash, timingSafeEqual } from 'node:crypto'
import type { DashboardHandler } from '@pg-boss/dashboard/handler'
import { Elysia } from 'elysia'
import type { Context } from '../../context.ts'
import { Problem } from '../../errors.ts'

export const DASHBOARD_PATH = '/admin/queues'

/** The page is rendered with inline scripts of its own; nothing comes from another host. */
const POLICY =
  "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"

export function createDashboard({ config, database }: Context) {
  const expected = digest(`${config.ADMIN_USER}:${config.ADMIN_PASSWORD}`)
  let opened: Promise<DashboardHandler> | undefined

  const open = async () => {
    const { createDashboardHandler } = await import('@pg-boss/dashboard/handler')
    return createDashboardHandler({
      databases: [{ url: database.url, name: 'Trove' }],
      basePath: DASHBOARD_PATH,
    })
  }

  const handle = async ({ request }: { request: Request }): Promise<Response> => {
    if (!isAdmin(request, expected)) {
      throw new Problem(401, 'UNAUTHORIZED', 'The dashboard asks for ADMIN_USER and ADMIN_PASSWORD', {
        headers: { 'www-authenticate': 'Basic realm="Trove", charset="UTF-8"' },
      })
    }
    // Opened on first use: it holds database connections of its own.
    opened ??= open()
    const answer = await (await opened)(request)
    const response = new Response(answer.body, answer)
    response.headers.set('content-security-policy', POLICY)
    return response
  }

  const routes = new Elysia({ name: 'dashboard', detail: { hide: true } })
    .all(DASHBOARD_PATH, handle, { parse: 'none' })
    .all(`${DASHBOARD_PATH}/*`, handle, { parse: 'none' })
  const close = async () => {
    await (await opened)?.close()
  }
  return { routes, close }
}

const digest = (text: string) => createHash('sha256').update(text).digest()

function isAdmin(request: Request, expected: Uint8Array): boolean {
  const [scheme, credentials = ''] = (request.headers.get('authorization') ?? '').split(' ')
  if (scheme?.toLowerCase() !== 'basic') return false
  return timingSafeEqual(digest(Buffer.from(credentials, 'base64').toString('utf8')), expected)
}
