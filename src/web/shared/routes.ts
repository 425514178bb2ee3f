// What somebody shares by a link, for people and for readers of feeds.
import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { originOf } from '../../ground/http/edge/origin.ts'
import { Id } from '../../ground/http/schemas.ts'
import { nothingShared } from '../../library/collections/problems.ts'
import { openShare } from '../../library/collections/sharing/open-share.ts'
import { route } from '../../route.ts'
import { writeFeed } from './write-feed.ts'
import { PAGE_POLICY, writeNothing, writePage } from './write-page.ts'

const SHOWN = 60
const FED = 50
const MOST_PAGES = 10_000

const params = v.object({ share_token: v.string() })
const SHARED = { tag: 'Pages', may: 'anybody', limit: 'default', hidden: true, params } as const

const pathTo = (token: string) => `/shared/${encodeURIComponent(token)}`

const page = route(
  'GET /shared/:share_token',
  { ...SHARED, id: 'sharedPage', summary: 'The page of a shared category', gives: { text: 'The page.' } },
  async ({ sql, params: { share_token }, request }) => {
    const { searchParams } = new URL(request.url)
    const category_id = searchParams.get('category')?.toLowerCase()
    const number = Number(searchParams.get('page') ?? 1)
    const isAsked = Number.isInteger(number) && number >= 1 && number <= MOST_PAGES
    const isNamed = category_id === undefined || v.is(Id, category_id)
    const part =
      isAsked && isNamed
        ? await openShare(sql, share_token, { category_id, skip: (number - 1) * SHOWN, limit: SHOWN })
        : undefined
    if (!part) return html(writeNothing(), 404)
    return html(writePage(part, { path: pathTo(share_token), number }), 200)
  },
)

const feed = route(
  'GET /shared/:share_token/feed.atom',
  {
    ...SHARED,
    id: 'sharedFeed',
    summary: 'The feed of a shared category',
    gives: { text: 'The feed.' },
    problems: [nothingShared],
  },
  async ({ sql, set, params: { share_token }, request, context: { config } }) => {
    set.headers['x-robots-tag'] = 'noindex'
    const order = { sort: 'added', direction: 'desc' } as const
    const part = await openShare(sql, share_token, { skip: 0, limit: FED, order })
    if (!part) throw nothingShared()
    const xml = writeFeed(part, (config.PUBLIC_URL ?? originOf(request)) + pathTo(share_token))
    const etag = `"${createHash('sha256').update(xml).digest('base64url').slice(0, 22)}"`
    const headers = {
      'content-type': 'application/atom+xml; charset=utf-8',
      'x-robots-tag': 'noindex',
      // Asked for each time, so that it ends when its owner ends it.
      'cache-control': 'private, no-cache',
      etag,
    }
    const known = request.headers.get('if-none-match')?.split(',') ?? []
    const isKnown = known.some(tag => tag.trim().replace(/^W\//, '') === etag)
    return isKnown ? new Response(null, { status: 304, headers }) : new Response(xml, { headers })
  },
)

const html = (text: string, status: number) =>
  new Response(text, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': PAGE_POLICY,
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex',
    },
  })

export const sharedPageRoutes = [page, feed]
