import { v7 as uuidv7 } from 'uuid'
import * as v from 'valibot'
import type { Pool, Sql } from '../../ground/database/connection.ts'
import { atOneMoment, together } from '../../ground/database/together.ts'
import { forbidden } from '../../ground/http/problems.ts'
import { route } from '../../route.ts'
import { pageOutOfRange } from '../content/page.ts'
import { bumpLibraries } from '../versions/store.ts'
import { RELATIVES, TAG_DETAIL, TAG_PAGE } from './examples.ts'
import { findRating } from './marks/store.ts'
import { TagName } from './names.ts'
import { notYourTag, sharedNameTaken, tagNameTaken, tagNotFound } from './problems.ts'
import { removeTag } from './remove-tag.ts'
import { mayShare, tagToChange } from './rules.ts'
import {
  EditTagBody,
  NewTagBody,
  RelativesAnswer,
  RelativesQuery,
  type TagDetail,
  TagDetailAnswer,
  TagParams,
  TagsAnswer,
  TagsQuery,
} from './schema.ts'
import {
  countRelatives,
  countTags,
  editTag,
  findTag,
  findTagNamed,
  insertTag,
  type Kinship,
  listAliases,
  listRelatives,
  listTags,
  type Part,
  type Wanted,
} from './store.ts'
import { lockTrees } from './tree/store.ts'
import { findUsers } from './uses/store.ts'

interface Asked {
  page: number
  page_size: number
}

/** @throws 404 for a page past the end, but for the first */
export async function pageOf<Row>(
  sql: Pool,
  { page, page_size }: Asked,
  ask: (sql: Sql, part: Part) => readonly [Promise<Row[]>, Promise<number>],
) {
  const part = { limit: page_size, offset: (page - 1) * page_size }
  const [items, total_count] = await atOneMoment(sql, sql => ask(sql, part))
  const total_pages = Math.ceil(total_count / page_size)
  if (page > 1 && page > total_pages) throw pageOutOfRange()
  return {
    items,
    pagination: {
      ...{ page, page_size, total_count, total_pages },
      has_next: page < total_pages,
      has_previous: page > 1,
    },
  }
}

export const tagPage = (sql: Pool, userId: string, what: Wanted, query: TagsQuery) =>
  pageOf(sql, query, (sql, part) => [
    listTags(
      sql,
      userId,
      { ...what, search: query.search, min_ratings: query.min_ratings },
      query.sort,
      part,
    ),
    countTags(sql, userId, { ...what, search: query.search, min_ratings: query.min_ratings }),
  ])

const lists = (
  [
    ['GET /v1/tags', 'listTags', 'Tags', {}],
    ['GET /v1/tags/search', 'searchTags', 'Tags by their name', {}],
    ['GET /v1/tags/roots', 'listRootTags', 'Tags that stand beneath no other', { roots: true }],
  ] as const
).map(([address, id, summary, what]) =>
  route(
    address,
    {
      id,
      tag: 'Tags',
      summary,
      description: 'Shared tags and your own.',
      may: 'read',
      limit: 'default',
      query: TagsQuery,
      gives: { body: TagsAnswer, text: 'A page of tags.', example: TAG_PAGE },
      problems: [pageOutOfRange],
    },
    ({ sql, user, query }) => tagPage(sql, user.id, what, query),
  ),
)

/** So many relatives of a kind are told with a tag; `/children` and the like have all. */
const RELATIVES_TOLD = 100

/** All that is told of one tag. @throws 404 for one that the user does not know of */
export async function detailOf(sql: Sql, userId: string, id: string): Promise<TagDetail> {
  const told = (kinship: Kinship) =>
    listRelatives(sql, userId, id, kinship, { limit: RELATIVES_TOLD, offset: 0 })
  const [tag, rating, aliases, parents, children, ancestors, descendants] = await together(
    findTag(sql, userId, id),
    findRating(sql, userId, id),
    listAliases(sql, userId, id),
    told('parents'),
    told('children'),
    told('ancestors'),
    told('descendants'),
  )
  if (!tag) throw tagNotFound()
  return { ...tag, user_rating: rating ?? null, aliases, parents, children, ancestors, descendants }
}

const getTag = route(
  'GET /v1/tags/:id',
  {
    id: 'getTag',
    tag: 'Tags',
    summary: 'One tag and its relatives',
    description: 'At most a hundred relatives of a kind, the nearest first.',
    may: 'read',
    limit: 'default',
    params: TagParams,
    gives: { body: TagDetailAnswer, text: 'The tag.', example: TAG_DETAIL },
    problems: [tagNotFound],
  },
  ({ sql, user, params }) => detailOf(sql, user.id, params.id),
)

const getTagNamed = route(
  'GET /v1/tags/by-name/:name',
  {
    id: 'getTagByName',
    tag: 'Tags',
    summary: 'The tag that a name means',
    description: 'Whatever its case and accents. Other names lead to their tag.',
    may: 'read',
    limit: 'default',
    params: v.object({
      name: v.pipe(TagName, v.description('A name of the tag.'), v.examples(['brunch'])),
    }),
    gives: { body: TagDetailAnswer, text: 'The tag.', example: TAG_DETAIL },
    problems: [tagNotFound],
  },
  async ({ sql, user, params }) => {
    const id = await findTagNamed(sql, user.id, params.name)
    if (!id) throw tagNotFound()
    return detailOf(sql, user.id, id)
  },
)

const relatives = (
  [
    ['GET /v1/tags/:id/parents', 'listTagParents', 'What a tag stands beneath', 'parents'],
    ['GET /v1/tags/:id/children', 'listTagChildren', 'What stands beneath a tag', 'children'],
    ['GET /v1/tags/:id/ancestors', 'listTagAncestors', 'All above a tag', 'ancestors'],
    ['GET /v1/tags/:id/descendants', 'listTagDescendants', 'All beneath a tag', 'descendants'],
  ] as const
).map(([address, id, summary, kinship]) =>
  route(
    address,
    {
      id,
      tag: 'Tags',
      summary,
      description: 'The nearest first; `depth` says how far.',
      may: 'read',
      limit: 'default',
      params: TagParams,
      query: RelativesQuery,
      gives: { body: RelativesAnswer, text: 'A page of tags.', example: RELATIVES },
      problems: [tagNotFound, pageOutOfRange],
    },
    async ({ sql, user, params, query }) => {
      if (!(await findTag(sql, user.id, params.id))) throw tagNotFound()
      return pageOf(sql, query, (sql, part) => [
        listRelatives(sql, user.id, params.id, kinship, part),
        countRelatives(sql, user.id, params.id, kinship),
      ])
    },
  ),
)

const create = route(
  'POST /v1/tags',
  {
    id: 'createTag',
    tag: 'Tags',
    summary: 'Make a tag',
    description: 'Your own, which nobody else knows of; admins make shared ones, too.',
    may: 'write',
    limit: 'writes',
    once: true,
    body: NewTagBody,
    example: { name: 'Brunch', description: 'Late breakfasts' },
    gives: {
      status: 201,
      body: TagDetailAnswer,
      text: 'The tag.',
      example: { ...TAG_DETAIL, average_rating: null, rating_count: 0, user_rating: null },
      location: ({ id }) => `/v1/tags/${id}`,
    },
    problems: [tagNameTaken, sharedNameTaken, forbidden],
    audit: { of: 'tag', actions: ['tag_created'] },
  },
  async ({ tx, user, body, audit }) => {
    const { name, description = null, is_shared } = body
    if (is_shared && !mayShare(user)) throw forbidden()
    if (!is_shared && (await findTagNamed(tx, user.id, name))) throw tagNameTaken()
    const id = uuidv7()
    await insertTag(tx, { id, owner_id: is_shared ? null : user.id, name, description })
    await audit(id)
    return detailOf(tx, user.id, id)
  },
)

const edit = route(
  'PATCH /v1/tags/:id',
  {
    id: 'editTag',
    tag: 'Tags',
    summary: 'Rename or describe a tag',
    description: 'What is left out stays. Your own; admins change shared ones.',
    may: 'write',
    limit: 'writes',
    params: TagParams,
    body: EditTagBody,
    example: { description: 'Late breakfasts' },
    gives: { body: TagDetailAnswer, text: 'The tag as it is now.', example: TAG_DETAIL },
    problems: [tagNotFound, notYourTag, tagNameTaken, sharedNameTaken],
    aliases: ['PUT /v1/tags/:id'],
    audit: { of: 'tag', actions: ['tag_edited'] },
  },
  async ({ tx, user, params, body, audit }) => {
    const tag = await tagToChange(tx, user, params.id)
    if (body.name !== undefined && tag.owner_id !== null) {
      const named = await findTagNamed(tx, user.id, body.name)
      if (named !== undefined && named !== tag.id) throw tagNameTaken()
    }
    await editTag(tx, tag.id, body)
    // Lists of saves show the name.
    await bumpLibraries(tx, await findUsers(tx, tag))
    await audit(tag.id, { fields: Object.keys(body) })
    return detailOf(tx, user.id, tag.id)
  },
)

const remove = route(
  'DELETE /v1/tags/:id',
  {
    id: 'deleteTag',
    tag: 'Tags',
    summary: 'Remove a tag',
    description: 'It goes from everything that has it. What stood beneath it stays, without this parent.',
    may: 'write',
    limit: 'writes',
    params: TagParams,
    gives: { text: 'It is gone. No body.' },
    problems: [tagNotFound, notYourTag],
    audit: { of: 'tag', actions: ['tag_deleted'] },
  },
  async ({ tx, user, params, audit }) => {
    await lockTrees(tx)
    const tag = await tagToChange(tx, user, params.id)
    await removeTag(tx, tag)
    await audit(tag.id)
  },
)

/** Tags by themselves. */
export const tagRoutes = [...lists, getTagNamed, getTag, ...relatives, create, edit, remove]
