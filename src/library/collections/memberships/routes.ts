import { atOneMoment } from '../../../ground/database/together.ts'
import { route } from '../../../route.ts'
import { bumpLibrary } from '../../versions/store.ts'
import { BookmarkParams } from '../bookmarks/schema.ts'
import { allCategories, findSource } from '../categories/store.ts'
import { CATEGORY, MEMBERSHIP } from '../examples.ts'
import { findBookmark } from '../listing/store.ts'
import { bookmarkNotFound, categoryNotFound, notInCategory, smartCategory } from '../problems.ts'
import { pageOf } from '../schema.ts'
import { openCategory } from '../sharing/share-token.ts'
import { keepBookmarks, lockCollections, placeLoose } from '../store.ts'
import {
  MembershipAnswer,
  MembershipParams,
  MembershipsAnswer,
  MembershipsQuery,
  NewMembershipBody,
  PositionBody,
} from './schema.ts'
import { addMember, listMemberships, moveMember, removeMember } from './store.ts'

const add = route(
  'POST /v1/bookmarks/:id/categories',
  {
    id: 'addToCategory',
    tag: 'Collections',
    summary: 'Put a bookmark into a category',
    description:
      'Behind what is there, or at a place, counted from 0. It leaves "Uncategorized" by that. Where it is in the category already, nothing is changed but its place, if one is given.',
    may: 'write',
    limit: 'writes',
    params: BookmarkParams,
    body: NewMembershipBody,
    example: { category_id: CATEGORY.id },
    gives: { status: 201, body: MembershipAnswer, text: 'Where it is now.', example: MEMBERSHIP },
    problems: [bookmarkNotFound, categoryNotFound, smartCategory],
    audit: { of: 'bookmark', actions: ['bookmark_categorized'] },
  },
  async ({ tx, user, params: { id }, body: { category_id, position }, audit }) => {
    const uncategorized = await lockCollections(tx, user.id)
    await keepBookmarks(tx, user.id, [id])
    if (!(await findBookmark(tx, user.id, id))) throw bookmarkNotFound()
    const category = await findSource(tx, user.id, category_id)
    if (!category) throw categoryNotFound()
    if (category.query) throw smartCategory()
    const isAdded = await addMember(tx, user.id, id, category_id)
    const isMoved = position !== undefined
    if (isMoved) await moveMember(tx, user.id, id, category_id, position)
    if (category_id !== uncategorized) await removeMember(tx, user.id, id, uncategorized)
    if (isAdded || isMoved) {
      await bumpLibrary(tx, user.id)
      await audit(id, { category_id })
    }
    const [membership] = await listMemberships(tx, user.id, id, category_id)
    return membership!
  },
)

const list = route(
  'GET /v1/bookmarks/:id/categories',
  {
    id: 'listCategoriesOfBookmark',
    tag: 'Collections',
    summary: 'The categories that a bookmark is in',
    description: 'In the order in which it came into them; without smart ones, which have no members.',
    may: 'read',
    limit: 'default',
    cached: 'library',
    params: BookmarkParams,
    query: MembershipsQuery,
    gives: {
      body: MembershipsAnswer,
      text: 'A part of them.',
      example: { items: [{ ...MEMBERSHIP, category: CATEGORY }], total: 1, skip: 0, limit: 100 },
    },
    problems: [bookmarkNotFound],
  },
  async ({ sql, user, params: { id }, query, context }) => {
    if (!(await findBookmark(sql, user.id, id))) throw bookmarkNotFound()
    const { skip, limit } = pageOf(query)
    const [memberships, categories] = await atOneMoment(sql, sql => [
      listMemberships(sql, user.id, id),
      allCategories(sql, user.id, { of_bookmark: id }),
    ])
    const byId = new Map(categories.map(it => [it.id, openCategory(context.config, it)]))
    const items = memberships
      .slice(skip, skip + limit)
      .map(membership => ({ ...membership, category: byId.get(membership.category_id)! }))
    return { items, total: memberships.length, skip, limit }
  },
)

const remove = route(
  'DELETE /v1/bookmarks/:id/categories/:category_id',
  {
    id: 'removeFromCategory',
    tag: 'Collections',
    summary: 'Take a bookmark out of a category',
    description: 'Out of its last one, it falls to "Uncategorized".',
    may: 'write',
    limit: 'writes',
    params: MembershipParams,
    gives: { text: 'It is not there any more. No body.' },
    problems: [bookmarkNotFound, notInCategory],
    audit: { of: 'bookmark', actions: ['bookmark_uncategorized'] },
  },
  async ({ tx, user, params: { id, category_id }, audit }) => {
    const uncategorized = await lockCollections(tx, user.id)
    await keepBookmarks(tx, user.id, [id])
    if (!(await findBookmark(tx, user.id, id))) throw bookmarkNotFound()
    if (!(await removeMember(tx, user.id, id, category_id))) throw notInCategory()
    await placeLoose(tx, user.id, uncategorized, [id])
    await bumpLibrary(tx, user.id)
    await audit(id, { category_id })
  },
)

const move = route(
  'PUT /v1/bookmarks/:id/categories/:category_id/position',
  {
    id: 'moveInCategory',
    tag: 'Collections',
    summary: 'Move a bookmark to a place in a category',
    description: 'Counted from 0; the others keep their order. Beyond the last place it is the last one.',
    may: 'write',
    limit: 'writes',
    params: MembershipParams,
    body: PositionBody,
    example: { position: 0 },
    gives: { body: MembershipAnswer, text: 'Where it is now.', example: MEMBERSHIP },
    problems: [bookmarkNotFound, notInCategory],
    aliases: ['PATCH /v1/bookmarks/:id/categories/:category_id/position'],
    audit: { of: 'bookmark', actions: ['bookmark_moved'] },
  },
  async ({ tx, user, params: { id, category_id }, body: { position }, audit }) => {
    await lockCollections(tx, user.id)
    await keepBookmarks(tx, user.id, [id])
    if (!(await findBookmark(tx, user.id, id))) throw bookmarkNotFound()
    if ((await listMemberships(tx, user.id, id, category_id)).length === 0) throw notInCategory()
    await moveMember(tx, user.id, id, category_id, position)
    await bumpLibrary(tx, user.id)
    await audit(id, { category_id, position })
    const [membership] = await listMemberships(tx, user.id, id, category_id)
    return membership!
  },
)

export const membershipRoutes = [add, list, remove, move]
