// Lists of a user's interactions. Nobody but that user and admins sees them one by one.
import type { Account } from '../../../accounts/admission/store.ts'
import { userNotFound } from '../../../accounts/users/managed.ts'
import { isAdmin, mayNotView } from '../../../accounts/users/rules.ts'
import { findUser } from '../../../accounts/users/store.ts'
import type { Pool } from '../../../ground/database/connection.ts'
import { atOneMoment } from '../../../ground/database/together.ts'
import type { Page } from '../../../ground/http/paging.ts'
import { route } from '../../../route.ts'
import { INTERACTION } from '../examples.ts'
import { contentNotFound } from '../problems.ts'
import { findContents } from '../store.ts'
import { ContentParams, ListAnswer, ListQuery, PresetQuery, TypeParams, UserParams } from './schema.ts'
import { countInteractions, type Filters, listInteractions, listRated } from './store.ts'

const OF_ALL = {
  tag: 'Interactions',
  may: 'read',
  limit: 'default',
  paged: 'time',
  gives: {
    body: ListAnswer,
    text: 'A page of interactions.',
    example: {
      items: [INTERACTION],
      total: 1,
      skip: 0,
      limit: 100,
      offset: 0,
      has_more: false,
      next_cursor: null,
    },
  },
} as const

async function pageOf(sql: Pool, userId: string, filters: Filters, page: Page) {
  const [found, total] = await atOneMoment(sql, sql => [
    listInteractions(sql, userId, filters, page),
    countInteractions(sql, userId, filters),
  ])
  const { rows, paging } = page.of(found, ({ created_at }) => created_at)
  return { items: rows, total, skip: paging.offset, ...paging }
}

const listAll = route(
  'GET /v1/interactions',
  {
    ...OF_ALL,
    id: 'listInteractions',
    summary: 'What you did with contents',
    description: 'The newest first.',
    query: ListQuery,
    aliases: ['GET /v1/interactions/recent'],
  },
  ({ sql, user, query, page }) => pageOf(sql, user.id, query, page),
)

const listByType = route(
  'GET /v1/interactions/by-type/:interaction_type',
  {
    ...OF_ALL,
    id: 'listInteractionsByType',
    summary: 'What you did of one kind',
    description: 'The newest first.',
    params: TypeParams,
    query: PresetQuery,
  },
  ({ sql, user, params, query, page }) => pageOf(sql, user.id, { ...query, ...params }, page),
)

const listByContent = route(
  'GET /v1/interactions/by-content/:content_id',
  {
    ...OF_ALL,
    id: 'listInteractionsByContent',
    summary: 'What you did with one content',
    description:
      'The newest first, and your own alone: what others did with a content of yours is only counted, in `GET /v1/interactions/analytics/content/{content_id}`.',
    params: ContentParams,
    query: PresetQuery,
    problems: [contentNotFound],
  },
  async ({ sql, user, params: { content_id: asked }, query, page }) => {
    const content = (await findContents(sql, user.id, [asked])).get(asked)
    const found = await pageOf(sql, user.id, { ...query, content_id: content?.id ?? asked }, page)
    // What was done stays when the content goes.
    if (!content && found.total === 0) throw contentNotFound()
    return found
  },
)

const listTopRated = route(
  'GET /v1/interactions/top-rated',
  {
    ...OF_ALL,
    id: 'listTopRatedInteractions',
    summary: 'What you rated best',
    description: 'Those of your interactions that have a rating, the highest first, then the newest.',
    paged: 'number',
    query: PresetQuery,
  },
  async ({ sql, user, query, page }) => {
    const [found, total] = await atOneMoment(sql, sql => [
      listRated(sql, user.id, query, page),
      countInteractions(sql, user.id, { ...query, is_rated: true }),
    ])
    const { rows, paging } = page.of(found, ({ rating }) => rating! * 2)
    return { items: rows, total, skip: paging.offset, ...paging }
  },
)

/** Whose rows are asked for by name. @throws {Problem} 403 for another user, for admins 404 where there is no such user */
export async function mayAskOf(sql: Pool, user: Account, id: string): Promise<void> {
  if (id === user.id) return
  if (!isAdmin(user)) throw mayNotView()
  if (!(await findUser(sql, id))) throw userNotFound()
}

const listOfUser = route(
  'GET /v1/users/:id/interactions',
  {
    ...OF_ALL,
    id: 'listInteractionsOfUser',
    summary: 'What a user did with contents',
    description: 'The newest first. Your own; admins may name anybody.',
    params: UserParams,
    query: ListQuery,
    problems: [mayNotView, userNotFound],
    aliases: ['GET /v1/interactions/by-user/:id'],
  },
  async ({ sql, user, params: { id }, query, page }) => {
    await mayAskOf(sql, user, id)
    return pageOf(sql, id, query, page)
  },
)

export const listRoutes = [listAll, listByType, listByContent, listTopRated, listOfUser]
