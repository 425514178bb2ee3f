import { route } from '../../../route.ts'
import { bumpLibrary } from '../../versions/store.ts'
import { CategoryAnswer, CategoryParams } from '../categories/schema.ts'
import { changeCategory, findCategory } from '../categories/store.ts'
import { BOOKMARK, CATEGORY, SHARED_CATEGORY } from '../examples.ts'
import { categoryNotFound, nothingShared } from '../problems.ts'
import { pageOf } from '../schema.ts'
import { lockCollections } from '../store.ts'
import { openShare } from './open-share.ts'
import { ShareAnswer, ShareParams, ShareQuery } from './schema.ts'
import { makeShare } from './share-category.ts'
import { openCategory } from './share-token.ts'

const { content } = BOOKMARK
const SHARED_BOOKMARK = {
  id: BOOKMARK.id,
  content_type: content.content_type,
  title: content.title,
  url: content.url,
  author: content.author,
  source_platform: content.source_platform,
  category_high: content.category_high,
  duration_seconds: 412,
  thumbnail_path: content.thumbnail_path,
  thumbnail_url: null,
  added_at: BOOKMARK.created_at,
}
const { id, name, description, color, icon, updated_at } = CATEGORY

const readShare = route(
  'GET /v1/bookmark-categories/share/:share_token',
  {
    id: 'readShare',
    tag: 'Collections',
    summary: 'A category that somebody shares',
    description:
      'As long as it is public, for whoever has its token: what its bookmarks lead to, and the public categories under it with their first twelve. Nothing that its owner wrote of what they saved, and not who they are. Of works only what they are called and look like, unless those are public.',
    may: 'anybody',
    limit: 'default',
    params: ShareParams,
    query: ShareQuery,
    gives: {
      body: ShareAnswer,
      text: 'A part of what it holds.',
      example: {
        category: { id, parent_id: null, name, description, color, icon, bookmark_count: 1, updated_at },
        bookmarks: [SHARED_BOOKMARK],
        subcategories: [],
        total: 1,
        skip: 0,
        limit: 100,
      },
    },
    problems: [nothingShared],
  },
  async ({ sql, set, params: { share_token }, query }) => {
    set.headers['x-robots-tag'] = 'noindex'
    const part = await openShare(sql, share_token, { category_id: query.category_id, ...pageOf(query) })
    if (!part) throw nothingShared()
    return part
  },
)

const rotate = route(
  'POST /v1/bookmark-categories/:id/share/rotate',
  {
    id: 'rotateShare',
    tag: 'Collections',
    summary: 'Give a category another link',
    description:
      'The link of before leads nowhere at once. The new one works as long as the category is public.',
    may: 'write',
    limit: 'writes',
    params: CategoryParams,
    gives: { body: CategoryAnswer, text: 'The category, with its new token.', example: SHARED_CATEGORY },
    problems: [categoryNotFound],
    audit: { of: 'category', actions: ['share_rotated'] },
  },
  async ({ tx, user, params, context, audit }) => {
    await lockCollections(tx, user.id)
    if (!(await findCategory(tx, user.id, params.id))) throw categoryNotFound()
    const share_token_sealed = await makeShare(tx, context, user.id, params.id)
    await changeCategory(tx, user.id, params.id, { share_token_sealed })
    await bumpLibrary(tx, user.id)
    await audit(params.id)
    return openCategory(context.config, (await findCategory(tx, user.id, params.id))!)
  },
)

export const sharingRoutes = [readShare, rotate]
