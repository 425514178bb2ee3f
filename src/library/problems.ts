import { problem } from '../ground/http/problem.ts'
import { notFound } from '../ground/http/problems.ts'
import { SAVE } from './examples.ts'

export const saveNotFound = notFound('Save not found or does not belong to you')
export const alreadySaved = problem(400, 'ALREADY_SAVED', 'You have already saved this content', {
  example: { existing_save_id: SAVE.id },
})
export const staleSave = problem(412, 'STALE_ETAG', 'The save has been changed since you read it')
