import { problem } from '../../ground/http/problem.ts'
import { invalidField, notFound } from '../../ground/http/problems.ts'
import { RATE_WITHOUT_RATING } from './schema.ts'

export const interactionNotFound = notFound('Interaction not found or does not belong to you')
export const contentNotFound = problem(
  404,
  'CONTENT_NOT_FOUND',
  'There is no such content, or it is not public',
)
export const idTaken = problem(409, 'INTERACTION_ID_TAKEN', 'Another of your interactions has this id')
export const rateWithoutRating = invalidField(
  `rating ${RATE_WITHOUT_RATING}`,
  ['body', 'rating'],
  'check',
  RATE_WITHOUT_RATING,
)
