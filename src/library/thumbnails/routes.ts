// Pictures of contents, from here: a browser that asked the strangers' hosts itself would tell them who looks at what,
// and could be sent to addresses inside its own network.
import { Elysia } from 'elysia'
import type { Context } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { clientNetwork } from '../../http/client-address.ts'
import { limitedByAddress } from '../../http/limits/by-address.ts'
import { answers } from '../../http/openapi.ts'
import { createPictureMaker } from './make-pictures.ts'
import { ThumbnailAnswer, ThumbnailQuery } from './schema.ts'
import { findPicture } from './store.ts'

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i
const MD5 = /^[\da-f]{32}$/
/** Another picture has another address, so a week is no risk. */
const CACHED = 'private, max-age=604800, immutable'

/** @returns the routes, and what ends the processes that work for them. */
export function createThumbnails(context: Context) {
  const { sql } = context.database
  const maker = createPictureMaker(context)

  const routes = new Elysia({ prefix: '/v1/thumbnails', tags: ['Items'] }).use(limitedByAddress(context)).get(
    '/:content_id/:hash',
    async ({ params, query: { width }, request, set }) => {
      if (!UUID.test(params.content_id) || !MD5.test(params.hash)) throw noPicture()
      const found = await findPicture(sql, params, width)
      if (!found) throw noPicture()
      const bytes =
        found.bytes === undefined
          ? (await maker.make(params, found.thumbnail_url, clientNetwork(request)))?.get(width)
          : found.bytes
      if (!bytes) throw notFound('There is no picture to be had at the address that the content names')
      const etag = `"${params.hash}-${width}"`
      const headers = {
        ...(set.headers as Record<string, string>),
        'cache-control': CACHED,
        etag,
      }
      // RFC 9110, 13.1.2. No browser sends more than the tag that it was given.
      if (request.headers.get('if-none-match') === etag) {
        return new Response(null, { status: 304, headers }) as never
      }
      return new Response(bytes, {
        headers: { ...headers, 'content-type': 'image/webp', 'content-disposition': 'inline' },
      }) as never
    },
    {
      limit: 'thumbnails',
      query: ThumbnailQuery,
      response: answers({ 200: ThumbnailAnswer }, [304, 404, 422]),
      detail: { operationId: 'getThumbnail', summary: 'The picture of a content', security: [] },
    },
  )
  return { routes, close: maker.close }
}

const noPicture = () => notFound('There is no such picture')
