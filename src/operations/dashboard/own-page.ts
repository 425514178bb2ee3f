// The dashboard's pages as we serve them: nothing from another host, and a way from a job to what it is about.

import { randomBytes } from 'node:crypto'

export const DASHBOARD_PATH = '/admin/queues'
export const DEAD_LETTERS_PATH = '/admin/dead-letters'
export const ADMIN_JOBS_PATH = '/admin/jobs'

/**
 * The page is rendered with scripts of its own, which alone carry the answer's nonce: no attribute of an element and no
 * link may run anything. Style attributes are many, and run nothing.
 */
const policy = (nonce: string) =>
  [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "object-src 'none'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/** Page and script alike name these, and React compares the two; so they are replaced in both. */
const FONT_HOSTS = /https:\/\/fonts\.(?:googleapis|gstatic)\.com/g
const FONTS_PATH = `${DASHBOARD_PATH}/no-fonts`

/** The dashboard moves from page to page without loading again, so the link looks where it is when it is reached for. */
const LINK = `<a id="trove" href="${DEAD_LETTERS_PATH}"
  style="position:fixed;right:1rem;bottom:1rem;z-index:9;padding:.4rem .8rem;border-radius:.4rem;background:#284fe0;color:#fff;font-size:.8rem">Content and dead letters</a>
<script>
{
  const link = document.getElementById('trove')
  const look = () => {
    const job = /[/]jobs[/]([^/]+)$/.exec(location.pathname)
    link.href = job ? '${ADMIN_JOBS_PATH}/' + job[1] : '${DEAD_LETTERS_PATH}'
  }
  for (const event of ['focus', 'pointerover']) link.addEventListener(event, look)
}
</script>`

/** Where a job is in the dashboard. */
export const dashboardJob = (queue: string, id: string): string =>
  `${DASHBOARD_PATH}/queues/${encodeURIComponent(queue)}/jobs/${id}`

/** What is asked for in the place of another host's fonts: nothing, and the page uses those of the machine. */
export function noFonts(request: Request): Response | undefined {
  if (!new URL(request.url).pathname.startsWith(FONTS_PATH)) return undefined
  return new Response('', {
    headers: { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, max-age=86400' },
  })
}

/** An answer of the dashboard, with our policy and what is said above. */
export async function asOwn(answer: Response): Promise<Response> {
  const { status, statusText } = answer
  const headers = new Headers(answer.headers)
  const nonce = randomBytes(16).toString('base64')
  headers.set('content-security-policy', policy(nonce))
  const type = headers.get('content-type') ?? ''
  if (!/^text\/(html|javascript)/.test(type))
    return new Response(answer.body, { status, statusText, headers })
  const text = (await answer.text()).replace(FONT_HOSTS, FONTS_PATH)
  headers.delete('content-length')
  const isPage = type.startsWith('text/html')
  const page = () =>
    text.replace('</body>', `${LINK}</body>`).replaceAll('<script', `<script nonce="${nonce}"`)
  return new Response(isPage ? page() : text, { status, statusText, headers })
}
