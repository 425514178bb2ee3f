import { problem } from '../../ground/http/problem.ts'
import { notFound } from '../../ground/http/problems.ts'

export const bookmarkNotFound = notFound('Bookmark not found or does not belong to you')
export const categoryNotFound = notFound('Category not found or does not belong to you')
export const parentNotFound = notFound('The parent category was not found or does not belong to you')
export const targetNotFound = notFound('The target category was not found or does not belong to you')
export const notInCategory = notFound('The bookmark is not in this category')
export const nothingShared = notFound('Nothing is shared at this address')

export const contentNotFound = problem(
  404,
  'CONTENT_NOT_FOUND',
  'You have no save or work of this id and type. What others made public is bookmarked by saving it first.',
)
export const coverNotFound = problem(
  404,
  'CONTENT_NOT_FOUND',
  'You have no save or work of the id and type that the cover names',
)
export const noSuchUser = problem(404, 'NOT_FOUND', 'User not found', {
  constraint: 'bookmark_categories_user_fkey',
})
export const notTheirs = problem(403, 'FORBIDDEN', 'Only admins may name another user')

export const bookmarkExists = problem(409, 'BOOKMARK_EXISTS', 'You have bookmarked this already')
export const nameTaken = problem(
  409,
  'CATEGORY_NAME_TAKEN',
  'Another category under the same parent has this name',
  { constraint: 'bookmark_categories_name_taken' },
)
export const categoryCycle = problem(
  409,
  'CATEGORY_CYCLE',
  'A category cannot be under itself or under one that is under it',
)
export const tooManyCategories = problem(
  409,
  'TOO_MANY_CATEGORIES',
  'You have as many categories as there can be',
)

export const categoryTooDeep = problem(422, 'CATEGORY_TOO_DEEP', 'Categories are at most 16 deep')
export const uncategorizedStays = problem(
  422,
  'UNCATEGORIZED_STAYS',
  'The category "Uncategorized" keeps its name and place, has no query, and cannot be deleted',
)
export const smartCategory = problem(
  422,
  'SMART_CATEGORY',
  'A category with a query holds what that finds, and has no members',
)
