// The page for people at /library: one HTML file, its scripts and styles, all from here. Data comes by the API.
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import * as v from 'valibot'
import { nothingHere } from '../../ground/http/problems.ts'
import { route } from '../../route.ts'

export const LIBRARY_PATH = '/library'

const FILES = readdirSync(new URL('./files/', import.meta.url), { recursive: true })
  .map(String)
  .filter(name => /\.(css|js)$/.test(name))

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

const PAGE = { tag: 'Pages', may: 'anybody', limit: 'default', hidden: true } as const
const FILE = { text: 'A file of the page.' }
const ELSEWHERE = { text: 'Where the page is.' }

const lead = route(
  'GET /',
  { ...PAGE, id: 'root', summary: 'Leads to the page', gives: ELSEWHERE, problems: [nothingHere] },
  ({ request }) => leadHere(request),
)

const index = route(
  `GET ${LIBRARY_PATH}`,
  { ...PAGE, id: 'libraryPage', summary: 'The page for people', gives: FILE },
  ({ request }) => answer('index.html', request),
)

const file = route(
  `GET ${LIBRARY_PATH}/*`,
  {
    ...PAGE,
    id: 'libraryFile',
    summary: 'A file of the page',
    params: v.object({ '*': v.string() }),
    gives: FILE,
    problems: [nothingHere],
  },
  ({ params, request }) => (FILES.includes(params['*']) ? answer(params['*'], request) : leadHere(request)),
)

export const libraryPageRoutes = [lead, index, file]

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

/** A browser is led to the page, at what it looks for; who else asks is told that nothing is here. */
function leadHere(request: Request): Response {
  if (!request.headers.get('accept')?.includes('text/html')) {
    throw nothingHere()
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
