import * as v from 'valibot'
import { notFound } from '../../ground/http/problems.ts'
import type { Address } from '../../ground/http/route.ts'
import { Id } from '../../ground/http/schemas.ts'
import { route } from '../../route.ts'
import { WORK } from '../works/examples.ts'
import { showsAnything } from '../works/store.ts'
import { listPage, listProblems, ownerOf } from './page.ts'
import {
  type Asked,
  ContentType,
  ListQuery,
  PageAnswer,
  SearchBody,
  StatsAnswer,
  StatsQuery,
  UnifiedAnswer,
  UnifiedQuery,
} from './schema.ts'
import { findStats } from './stats/store.ts'

const PAGE = {
  items: [WORK],
  pagination: {
    page: 1,
    page_size: 50,
    total_count: 1,
    total_pages: 1,
    has_next: false,
    has_previous: false,
    next_cursor: null,
    prev_cursor: null,
  },
}
const COUNTS = {
  user_regular_count: 25,
  user_auto_count: 30,
  community_regular_count: 45,
  community_auto_count: 50,
}
const gives = { body: PageAnswer, text: 'A page of saves and works.', example: PAGE }
const WHOSE = 'Yours, and what others have made public.'

const Unsorted = v.omit(ListQuery, ['sort_field', 'sort_by', 'sort_order'])

/** A list at an address of its own, some of whose filters are fixed. */
const preset = <Query extends v.GenericSchema>(
  address: Address & `GET ${string}`,
  says: { id: string; summary: string; description: string },
  query: Query,
  fixed: Partial<Asked> = {},
) =>
  route(
    address,
    {
      ...says,
      tag: 'Content',
      may: 'read',
      limit: 'default',
      query,
      gives,
      problems: listProblems,
    },
    async ({ sql, user, query }) => {
      const { items, pagination } = await listPage(sql, user, { ...(query as Asked), ...fixed })
      return { items, pagination }
    },
  )

const presets = [
  preset(
    'GET /v1/content',
    {
      id: 'listContent',
      summary: 'Saves and works',
      description: `${WHOSE} The newest first, unless the query says otherwise; archived saves are left out.`,
    },
    ListQuery,
  ),
  preset(
    'GET /v1/content/enhanced',
    {
      id: 'listContentEnhanced',
      summary: 'Saves and works, under another address',
      description: 'The same as `GET /v1/content`.',
    },
    ListQuery,
  ),
  preset(
    'GET /v1/content/recent',
    { id: 'listRecentContent', summary: 'The newest saves and works', description: WHOSE },
    Unsorted,
    { sort_field: 'created_at', sort_order: 'desc' },
  ),
  preset(
    'GET /v1/content/top-rated',
    {
      id: 'listTopRatedContent',
      summary: 'Saves and works by quality, the best first',
      description: `${WHOSE} Those without a quality come last.`,
    },
    Unsorted,
    { sort_field: 'quality_score', sort_order: 'desc' },
  ),
  preset(
    'GET /v1/content/public',
    {
      id: 'listPublicContent',
      summary: 'What is public',
      description: 'Of yours and of others.',
    },
    v.omit(ListQuery, ['public_only']),
    { public_only: true },
  ),
  preset(
    'GET /v1/content-auto/enhanced',
    { id: 'listGeneratedContent', summary: 'Generated works', description: WHOSE },
    v.omit(ListQuery, ['source_type']),
    { source_type: 'auto' },
  ),
]

const creatorNotFound = notFound('There is no such user, or nothing of theirs that you may see')

const byCreator = route(
  'GET /v1/content/by-creator/:creator_id',
  {
    id: 'listContentOfCreator',
    tag: 'Content',
    summary: 'The saves and works of one user',
    description: 'All of your own, and of others what they have made public.',
    may: 'read',
    limit: 'default',
    params: v.object({ creator_id: v.pipe(Id, v.toLowerCase()) }),
    query: v.omit(ListQuery, ['creator_id']),
    gives,
    problems: [...listProblems, creatorNotFound],
  },
  async ({ sql, user, params: { creator_id }, query }) => {
    // One who shows nothing is not told from one who does not exist.
    if (creator_id !== user.id && !(await showsAnything(sql, creator_id))) throw creatorNotFound()
    const { items, pagination } = await listPage(sql, user, { ...query, creator_id } as Asked)
    return { items, pagination }
  },
)

const byType = route(
  'GET /v1/content/by-type/:content_type',
  {
    id: 'listContentOfType',
    tag: 'Content',
    summary: 'The saves and works of one type',
    description: `${WHOSE} Saves are links.`,
    may: 'read',
    limit: 'default',
    params: v.object({ content_type: ContentType }),
    query: v.omit(ListQuery, ['content_type']),
    gives,
    problems: listProblems,
  },
  async ({ sql, user, params: { content_type }, query }) => {
    const { items, pagination } = await listPage(sql, user, { ...query, content_type } as Asked)
    return { items, pagination }
  },
)

const search = route(
  'POST /v1/content/search',
  {
    // It writes nothing, and finds what others have made public.
    reaches: 'everybody',
    id: 'searchContent',
    tag: 'Content',
    summary: 'Find saves and works',
    description: 'The filters of `GET /v1/content`, in a body.',
    may: 'read',
    limit: 'searches',
    body: SearchBody,
    example: { search_term: 'goa', page_size: 20 },
    gives,
    problems: listProblems,
  },
  async ({ tx, user, body }) => {
    const { items, pagination } = await listPage(tx, user, body as Asked, 'body')
    return { items, pagination }
  },
)

const unified = route(
  'GET /v1/content/unified',
  {
    id: 'listUnifiedContent',
    tag: 'Content',
    summary: 'Saves and works, by whose they are and how they were made',
    description:
      'Any of the sources `user-regular`, `user-auto`, `community-regular` and `community-auto`: saves and what was written by hand are `regular`, what was generated is `auto`. `content_source_types` wins over `content_types` and `creator_filter`; left empty it asks for no rows. `stats` counts all there is of each source, whatever is asked for.',
    may: 'read',
    limit: 'default',
    query: UnifiedQuery,
    gives: {
      body: UnifiedAnswer,
      text: 'A page of saves and works, and how many there are.',
      example: { ...PAGE, pagination: { ...PAGE.pagination, page_size: 10 }, stats: COUNTS },
    },
    problems: listProblems,
  },
  ({ sql, user, query }) => listPage(sql, user, query, 'query', { size: 10, withStats: true }),
)

const stats = route(
  'GET /v1/content/stats/unified',
  {
    id: 'getContentStats',
    tag: 'Content',
    summary: 'How many saves and works there are',
    description: `${WHOSE} By source, by type, and by day of the last 30 (in UTC).`,
    may: 'read',
    limit: 'default',
    query: StatsQuery,
    gives: {
      body: StatsAnswer,
      text: 'The counts.',
      example: {
        ...COUNTS,
        total: 150,
        by_type: { text: 40, image: 60, video: 10, link: 40 },
        by_day: [{ date: '2026-01-15', count: 4 }],
      },
    },
  },
  async ({ sql, user, query }) => {
    const found = await findStats(sql, ownerOf(user, query.user_id))
    const { user_regular_count, user_auto_count, community_regular_count, community_auto_count } = found
    const total = user_regular_count + user_auto_count + community_regular_count + community_auto_count
    return { ...found, total }
  },
)

/** The one listing of saves and works, at all its addresses. */
export const contentRoutes = [...presets, byCreator, byType, search, unified, stats]
