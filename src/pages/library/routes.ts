// The page for people at /library: one HTML file, its scripts and styles, all from here. Data comes by the API.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Elysia } from 'elysia'
import type { Context } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { limitedByAddress } from '../../http/limits/by-address.ts'

export const LIBRARY_PATH = '/library'

const FILES = [
  ...['base.css', 'page.css', 'cards.css', 'item.css', 'map.css', 'notices.css'],
  ...[
    'address.js',
    'api.js',
    'app.js',
    'card.js',
    'clusters.js',
    'dom.js',
    'editing.js',
    'events.js',
    'grouped.js',
  ],
  ...['item.js', 'links-in.js', 'list.js', 'lists.js', 'live.js'],
  ...['map.js', 'map-card.js', 'map-draw.js', 'map-layout.js', 'map-legend.js', 'notices.js', 'refusals.js'],
  ...['regroup.js', 'removal.js', 'save-form.js', 'search.js', 'shortcuts.js', 'sign-in.js', 'similar.js'],
  ...['steady.js', 'waiting.js'],
]

const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
}

/**
 * Nothing inline, nothing from elsewhere, and no script may turn text into HTML: titles are written by strangers. `data:`
 * is for the icon that there is not.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

interface Page {
  body: Uint8Array<ArrayBuffer>
  etag: string
}

export function libraryPageRoutes(context: Context) {
  const pages = new Map<string, Promise<Page>>()

  async function answer(name: string, request: Request): Promise<Response> {
    const reading = pages.get(name) ?? readPage(name)
    pages.set(name, reading)
    const { body, etag } = await reading
    const headers = {
      'content-type': TYPES[name.split('.').pop()!]!,
      'content-security-policy': POLICY,
      'cache-control': 'no-cache',
      etag,
    }
    const isKnown = request.headers.get('if-none-match') === etag
    return isKnown ? new Response(null, { status: 304, headers }) : new Response(body, { headers })
  }

  const limit = 'default'
  return new Elysia({ name: 'library-page', detail: { hide: true } })
    .use(limitedByAddress(context))
    .get('/', ({ request }) => leadHere(request), { limit })
    .get(LIBRARY_PATH, ({ request }) => answer('index.html', request), { limit })
    .get(
      `${LIBRARY_PATH}/:file`,
      ({ params, request }) => {
        if (!FILES.includes(params.file)) return leadHere(request)
        return answer(params.file, request)
      },
      { limit },
    )
    .get(`${LIBRARY_PATH}/*`, ({ request }) => leadHere(request), { limit })
}

/** A browser is led to the page, at what it looks for; who else asks is told that nothing is here. */
function leadHere(request: Request): Response {
  if (!request.headers.get('accept')?.includes('text/html')) {
    throw notFound('There is nothing at this address')
  }
  // As it stands in the address: in percent-encoding.
  const view = new URL(request.url).pathname.slice(LIBRARY_PATH.length).replace(/^\/+/, '')
  const location = view ? `${LIBRARY_PATH}#/${view}` : LIBRARY_PATH
  return new Response(null, { status: 302, headers: { location, vary: 'accept' } })
}

async function readPage(name: string): Promise<Page> {
  const body = await readFile(new URL(`./files/${name}`, import.meta.url))
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` }
}
