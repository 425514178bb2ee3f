// Pictures of contents, from here: a browser that asked the strangers' hosts itself would tell them who looks at what,
// and could be sent to addresses inside its own network.
import * as v from 'valibot'
import { clientNetwork } from '../../ground/http/edge/client-address.ts'
import { notFound } from '../../ground/http/problems.ts'
import { perContext } from '../../ground/per-context.ts'
import { route } from '../../route.ts'
import { createPictureMaker, pictureTimeout, tooManyPictures } from './make-pictures.ts'
import { ThumbnailAnswer, ThumbnailQuery } from './schema.ts'
import { findPicture } from './store.ts'

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i
const MD5 = /^[\da-f]{32}$/
/** Another picture has another address, so a week is no risk. */
const CACHED = 'private, max-age=604800, immutable'

const notToBeHad = notFound('There is no picture to be had at the address that the content names')
const noPicture = notFound('There is no such picture')

/** What fetches and shrinks pictures, and the processes that work for it. */
export const pictureMaker = perContext(createPictureMaker)

export const getThumbnail = route(
  'GET /v1/thumbnails/:content_id/:hash',
  {
    id: 'getThumbnail',
    tag: 'Items',
    summary: 'The picture of a content',
    description:
      'The picture that `thumbnail_url` of a content names, fetched by this server and made small, so that nobody’s browser asks the platform or a stranger’s host for it. The address is `thumbnail_path` of the content and needs no token, since a page’s picture cannot send one: whoever does not know the content’s id does not find it. A picture that could not be had is tried again after an hour.',
    may: 'anybody',
    limit: 'thumbnails',
    cached: 'own',
    params: v.object({ content_id: v.string(), hash: v.string() }),
    query: ThumbnailQuery,
    gives: {
      body: ThumbnailAnswer,
      text: 'The picture, as wide as asked for at most, without metadata.',
      media_type: 'image/webp',
      example: 'RIFF…WEBPVP8 …',
    },
    problems: [notToBeHad, tooManyPictures, pictureTimeout],
  },
  async ({ sql, params, query: { width }, request, set, context }) => {
    if (!UUID.test(params.content_id) || !MD5.test(params.hash)) throw noPicture()
    const found = await findPicture(sql, params, width)
    if (!found) throw noPicture()
    const bytes =
      found.bytes === undefined
        ? (await pictureMaker(context).make(params, found.thumbnail_url, clientNetwork(request)))?.get(width)
        : found.bytes
    if (!bytes) throw notToBeHad()
    const etag = `"${params.hash}-${width}"`
    const headers = {
      ...(set.headers as Record<string, string>),
      'cache-control': CACHED,
      etag,
    }
    // RFC 9110, 13.1.2. No browser sends more than the tag that it was given.
    if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers })
    return new Response(bytes, {
      headers: { ...headers, 'content-type': 'image/webp', 'content-disposition': 'inline' },
    })
  },
)
