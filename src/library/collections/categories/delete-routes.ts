import type { Sql } from '../../../ground/database/connection.ts'
import { invalidField } from '../../../ground/http/problems.ts'
import { route } from '../../../route.ts'
import { bumpLibrary } from '../../versions/store.ts'
import { deleteBookmarks } from '../bookmarks/store.ts'
import { categoryNotFound, smartCategory, targetNotFound, uncategorizedStays } from '../problems.ts'
import { dropShare } from '../sharing/store.ts'
import { lockCollections, placeLoose } from '../store.ts'
import { CategoryDeletedAnswer, CategoryParams, DeleteCategoryQuery, LONGEST_NAME } from './schema.ts'
import {
  changeCategory,
  deleteCategory,
  findCategory,
  isTopName,
  type KeptCategory,
  keepMembers,
  listPlaces,
  moveMembers,
} from './store.ts'

const eitherOr = invalidField(
  'Bookmarks are moved or deleted, not both',
  ['query', 'target_category_id'],
  'exclusive',
)
const notIntoItself = invalidField(
  'Bookmarks are moved to another category',
  ['query', 'target_category_id'],
  'other',
)

export const deleteCategoryRoute = route(
  'DELETE /v1/bookmark-categories/:id',
  {
    id: 'deleteCategory',
    tag: 'Collections',
    summary: 'Delete a category',
    description:
      'Its bookmarks go to `target_category_id`; without one, those that are in no other category go to "Uncategorized". With `delete_all=true` they are deleted. The categories under it come to have no parent: a name that is taken there gets a number.',
    may: 'write',
    limit: 'writes',
    params: CategoryParams,
    query: DeleteCategoryQuery,
    gives: {
      body: CategoryDeletedAnswer,
      text: 'What became of its bookmarks.',
      example: { message: 'Category deleted successfully', moved: 3, deleted: 0 },
    },
    problems: [categoryNotFound, targetNotFound, uncategorizedStays, smartCategory, eitherOr, notIntoItself],
    audit: { of: 'category', actions: ['category_deleted'] },
  },
  async ({ tx, user, params: { id }, query: { target_category_id, delete_all }, audit }) => {
    if (target_category_id && delete_all) throw eitherOr()
    if (target_category_id === id) throw notIntoItself()
    const uncategorized = await lockCollections(tx, user.id)
    const category = await findCategory(tx, user.id, id)
    if (!category) throw categoryNotFound()
    if (category.is_uncategorized) throw uncategorizedStays()
    const target = target_category_id ? await findCategory(tx, user.id, target_category_id) : undefined
    if (target_category_id && !target) throw targetNotFound()
    if (target?.query) throw smartCategory()

    const members = await keepMembers(tx, user.id, id)
    const deleted = delete_all ? await deleteBookmarks(tx, user.id, members) : 0
    if (target) await moveMembers(tx, user.id, id, target.id)
    await freeChildren(tx, category)
    await dropShare(tx, { owner_id: user.id, category_id: id })
    await deleteCategory(tx, user.id, id)
    const loose = delete_all ? 0 : await placeLoose(tx, user.id, uncategorized, members)
    const moved = target ? members.length : loose
    await bumpLibrary(tx, user.id)
    await audit(id, { moved, deleted })
    return { message: 'Category deleted successfully', moved, deleted }
  },
)

/** Lets the categories under one that goes stand beside those that have no parent. */
async function freeChildren(tx: Sql, { user_id, id }: KeptCategory): Promise<void> {
  const children = (await listPlaces(tx, user_id)).filter(({ parent_id }) => parent_id === id)
  // Its own name is free already.
  await changeCategory(tx, user_id, id, { name: id })
  for (const child of children) {
    let { name } = child
    for (let number = 2; await isTopName(tx, user_id, name); number++) name = numbered(child.name, number)
    await changeCategory(tx, user_id, child.id, { parent_id: null, name })
  }
}

/** A name with a number after it, cut so that both fit. */
function numbered(name: string, number: number): string {
  const end = ` (${number})`
  return [...name].slice(0, LONGEST_NAME - end.length).join('') + end
}
