import { atOneMoment } from '../../../ground/database/together.ts'
import { route } from '../../../route.ts'
import { BOOKMARK, CATEGORY } from '../examples.ts'
import { listingOf } from '../listing/routes.ts'
import { countBookmarks, listBookmarks } from '../listing/store.ts'
import { categoryNotFound, notTheirs } from '../problems.ts'
import { pageOf, WhoseQuery } from '../schema.ts'
import { openCategory } from '../sharing/share-token.ts'
import { ensureUncategorized } from '../store.ts'
import { ownerOf } from '../whose.ts'
import {
  CategoriesAnswer,
  CategoriesQuery,
  CategoryParams,
  ChildrenQuery,
  InCategoryAnswer,
  InCategoryQuery,
  TreeAnswer,
} from './schema.ts'
import {
  allCategories,
  type CategoryOrder,
  countCategories,
  findCategory,
  findSource,
  listCategories,
} from './store.ts'
import { treeOf } from './tree.ts'

type Sort = CategoryOrder['sort']
const orderOf = ({
  sort_field,
  sort_by,
  sort_order,
}: {
  sort_field?: Sort | undefined
  sort_by?: Sort | undefined
  sort_order: 'asc' | 'desc'
}): CategoryOrder => ({ sort: sort_field ?? sort_by ?? 'sort_index', direction: sort_order })

/** Another user's lists do not change with the caller's library. */
const WHEN_OWN = { when: ({ user_id }: { user_id?: string | undefined }) => user_id === undefined }

const list = route(
  'GET /v1/bookmark-categories',
  {
    id: 'listCategories',
    tag: 'Collections',
    summary: 'Your categories of bookmarks',
    description:
      '"Uncategorized" is always there and always first; the others by `sort_index`, unless asked otherwise.',
    may: 'read',
    limit: 'default',
    cached: WHEN_OWN,
    query: CategoriesQuery,
    gives: {
      body: CategoriesAnswer,
      text: 'A part of the categories.',
      example: { items: [CATEGORY], total: 1, skip: 0, limit: 100 },
    },
    problems: [notTheirs],
  },
  async ({ sql, user, query, context }) => {
    const owner = ownerOf(user, query.user_id)
    if (owner === user.id) await ensureUncategorized(sql, owner)
    const { parent_id, is_public } = query
    const filters = { parent_id, is_public }
    const [categories, total] = await atOneMoment(sql, sql => [
      listCategories(sql, owner, filters, orderOf(query), pageOf(query)),
      countCategories(sql, owner, filters),
    ])
    const items = categories.map(category => openCategory(context.config, category))
    return { items, total, ...pageOf(query) }
  },
)

const tree = route(
  'GET /v1/bookmark-categories/tree',
  {
    id: 'readCategoryTree',
    tag: 'Collections',
    summary: 'All categories, each with those under it',
    description:
      'With how many bookmarks each has itself. "Uncategorized" first, the others by `sort_index`.',
    may: 'read',
    limit: 'default',
    cached: WHEN_OWN,
    query: WhoseQuery,
    gives: {
      body: TreeAnswer,
      text: 'Those that are under no other.',
      example: { items: [{ ...CATEGORY, children: [] }], total: 1 },
    },
    problems: [notTheirs],
  },
  async ({ sql, user, query, context }) => {
    const owner = ownerOf(user, query.user_id)
    if (owner === user.id) await ensureUncategorized(sql, owner)
    const categories = await allCategories(sql, owner)
    const items = treeOf(categories.map(category => openCategory(context.config, category)))
    return { items, total: categories.length }
  },
)

const children = route(
  'GET /v1/bookmark-categories/:id/children',
  {
    id: 'listCategoryChildren',
    tag: 'Collections',
    summary: 'The categories right under one',
    description: 'By `sort_index`, unless asked otherwise.',
    may: 'read',
    limit: 'default',
    cached: WHEN_OWN,
    params: CategoryParams,
    query: ChildrenQuery,
    gives: {
      body: CategoriesAnswer,
      text: 'A part of them.',
      example: { items: [CATEGORY], total: 1, skip: 0, limit: 100 },
    },
    problems: [categoryNotFound, notTheirs],
  },
  async ({ sql, user, params: { id }, query, context }) => {
    const owner = ownerOf(user, query.user_id)
    if (!(await findSource(sql, owner, id))) throw categoryNotFound()
    const [categories, total] = await atOneMoment(sql, sql => [
      listCategories(sql, owner, { parent_id: id }, orderOf(query), pageOf(query)),
      countCategories(sql, owner, { parent_id: id }),
    ])
    const items = categories.map(category => openCategory(context.config, category))
    return { items, total, ...pageOf(query) }
  },
)

const bookmarks = route(
  'GET /v1/bookmark-categories/:id/bookmarks',
  {
    id: 'listCategoryBookmarks',
    tag: 'Collections',
    summary: 'The bookmarks of a category',
    description:
      'Those that you rated best first, then the newest content; `sort_field=position` gives the order that they were put in. Of a smart category, what its query finds: `id` is null where that is not bookmarked.',
    may: 'read',
    limit: 'default',
    cached: WHEN_OWN,
    params: CategoryParams,
    query: InCategoryQuery,
    gives: {
      body: InCategoryAnswer,
      text: 'The category, and a part of its bookmarks.',
      example: { category: CATEGORY, bookmarks: [BOOKMARK], total: 1, skip: 0, limit: 100 },
    },
    problems: [categoryNotFound, notTheirs],
  },
  async ({ sql, user, params: { id }, query, context }) => {
    const owner = ownerOf(user, query.user_id)
    const found = await findCategory(sql, owner, id)
    if (!found) throw categoryNotFound()
    const listing = { ...listingOf(query), source: found }
    const [bookmarks, total] = await atOneMoment(sql, sql => [
      listBookmarks(sql, owner, listing),
      countBookmarks(sql, owner, listing),
    ])
    const category = openCategory(context.config, found)
    return { category, bookmarks, total, skip: listing.skip, limit: listing.limit }
  },
)

export const categoryListRoutes = [list, tree, children, bookmarks]
