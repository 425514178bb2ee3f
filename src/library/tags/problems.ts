import { problem } from '../../ground/http/problem.ts'
import { notFound } from '../../ground/http/problems.ts'

/** Also for a tag of somebody else. */
export const tagNotFound = notFound('There is no such tag')
export const tagNameTaken = problem(409, 'TAG_NAME_TAKEN', 'Another tag has this name', {
  constraint: 'tags_own_name_taken',
})
export const sharedNameTaken = problem(409, 'TAG_NAME_TAKEN', 'Another shared tag has this name', {
  constraint: 'tags_shared_name_taken',
})
export const notYourTag = problem(403, 'FORBIDDEN', 'Only admins change shared tags')
export const tagCycle = problem(409, 'TAG_CYCLE', 'A tag cannot stand beneath itself')
export const tagTooDeep = problem(
  422,
  'TAG_TOO_DEEP',
  'A tree of tags has at most 16 levels beneath its root',
)
export const tagNotShared = problem(
  422,
  'TAG_NOT_SHARED',
  'A shared tag stands beneath, and is merged into, shared tags alone',
)
