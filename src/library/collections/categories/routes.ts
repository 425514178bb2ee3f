import { v7 as uuidv7 } from 'uuid'
import { route } from '../../../route.ts'
import { bumpLibrary } from '../../versions/store.ts'
import { CATEGORY } from '../examples.ts'
import { categoryNotFound, nameTaken, noSuchUser, notTheirs, tooManyCategories } from '../problems.ts'
import { WhoseQuery } from '../schema.ts'
import { openCategory } from '../sharing/share-token.ts'
import { lockCollections } from '../store.ts'
import { asOwner, ownerOf } from '../whose.ts'
import { CHANGE_PROBLEMS, checkedChange } from './check-change.ts'
import { CategoryAnswer, CategoryChangeBody, CategoryParams, NewCategoryBody } from './schema.ts'
import { changeCategory, countCategories, findCategory, insertCategory } from './store.ts'

/** The tree is read whole. */
const MOST_CATEGORIES = 2000

const create = route(
  'POST /v1/bookmark-categories',
  {
    id: 'createCategory',
    tag: 'Collections',
    summary: 'Make a category of bookmarks',
    description:
      'With a `query` it is smart: it has no members, and always holds the saves that this search finds. Once it is public it has a `share_token`, by which anybody reads it.',
    may: 'write',
    limit: 'writes',
    once: true,
    query: WhoseQuery,
    body: NewCategoryBody,
    example: {
      name: CATEGORY.name,
      description: CATEGORY.description,
      color: CATEGORY.color,
      icon: CATEGORY.icon,
      cover_content_id: null,
      cover_content_source_type: null,
      parent_id: null,
      sort_index: 0,
      is_public: false,
    },
    gives: {
      status: 201,
      body: CategoryAnswer,
      text: 'The category.',
      example: { ...CATEGORY, bookmark_count: 0 },
      location: ({ id }) => `/v1/bookmark-categories/${id}`,
    },
    problems: [nameTaken, tooManyCategories, noSuchUser, notTheirs, ...CHANGE_PROBLEMS],
    audit: { of: 'category', actions: ['category_created'] },
  },
  {
    handle: ({ tx, user, query, body, context, audit }) => {
      const owner = ownerOf(user, query.user_id)
      return asOwner(tx, user, owner, async () => {
        await lockCollections(tx, owner)
        if ((await countCategories(tx, owner)) >= MOST_CATEGORIES) throw tooManyCategories()
        const id = uuidv7()
        await insertCategory(tx, owner, id, await checkedChange(tx, context, owner, id, body))
        await bumpLibrary(tx, owner)
        await audit(id)
        return (await findCategory(tx, owner, id))!
      })
    },
    // What is kept for a repetition holds the token sealed.
    finish: (category, { context }) => openCategory(context.config, category),
  },
)

const getOne = route(
  'GET /v1/bookmark-categories/:id',
  {
    id: 'getCategory',
    tag: 'Collections',
    summary: 'One category',
    description: 'Its bookmarks are at `/v1/bookmark-categories/{id}/bookmarks`.',
    may: 'read',
    limit: 'default',
    cached: 'library',
    params: CategoryParams,
    gives: { body: CategoryAnswer, text: 'The category.', example: CATEGORY },
    problems: [categoryNotFound],
  },
  async ({ sql, user, params: { id }, context }) => {
    const found = await findCategory(sql, user.id, id)
    if (!found) throw categoryNotFound()
    return openCategory(context.config, found)
  },
)

const edit = route(
  'PUT /v1/bookmark-categories/:id',
  {
    id: 'editCategory',
    tag: 'Collections',
    summary: 'Change a category',
    description:
      'What is left out stays. A link that was shared leads nowhere as soon as `is_public` is false, and works again when it is true.',
    may: 'write',
    limit: 'writes',
    params: CategoryParams,
    body: CategoryChangeBody,
    example: { name: 'Landscapes', color: '#0B6352' },
    gives: {
      body: CategoryAnswer,
      text: 'The category as it is now.',
      example: { ...CATEGORY, name: 'Landscapes', color: '#0B6352' },
    },
    problems: [categoryNotFound, nameTaken, ...CHANGE_PROBLEMS],
    aliases: ['PATCH /v1/bookmark-categories/:id'],
    audit: { of: 'category', actions: ['category_updated'] },
  },
  async ({ tx, user, params: { id }, body, context, audit }) => {
    await lockCollections(tx, user.id)
    const was = await findCategory(tx, user.id, id)
    if (!was) throw categoryNotFound()
    await changeCategory(tx, user.id, id, await checkedChange(tx, context, user.id, id, body, was))
    await bumpLibrary(tx, user.id)
    await audit(id, { fields: Object.keys(body) })
    return openCategory(context.config, (await findCategory(tx, user.id, id))!)
  },
)

export const categoryRoutes = [create, getOne, edit]
