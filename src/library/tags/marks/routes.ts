import * as v from 'valibot'
import { mayDo } from '../../../accounts/permissions.ts'
import { nameSchemas } from '../../../ground/http/openapi/named-schemas.ts'
import { forbidden } from '../../../ground/http/problems.ts'
import { Id, queryList } from '../../../ground/http/schemas.ts'
import { route } from '../../../route.ts'
import { pageOutOfRange } from '../../content/page.ts'
import { TAG, TAG_PAGE } from '../examples.ts'
import { tagNotFound } from '../problems.ts'
import { tagPage } from '../routes.ts'
import { TagId, TagParams, TagsAnswer, TagsQuery } from '../schema.ts'
import { findTag, lockTag } from '../store.ts'
import { addFavorite, findRating, findRatings, rateTag, removeFavorite, unrateTag } from './store.ts'

const RateBody = v.object({
  rating: v.pipe(
    v.number(),
    v.minValue(1, 'must be at least 1'),
    v.maxValue(5, 'must be at most 5'),
    v.multipleOf(0.5, 'must be a multiple of 0.5'),
  ),
})

const RatedAnswer = v.object({
  tag_id: Id,
  rating: v.nullable(v.number()),
  average_rating: v.nullable(v.number()),
  rating_count: v.number(),
})
const RATED = { tag_id: TAG.id, rating: 4.5, average_rating: 4.5, rating_count: 1 }

const RatingsQuery = v.object({ 'tag_ids[]': queryList(TagId, 200), tag_ids: queryList(TagId, 200) })
const RatingsAnswer = v.object({ ratings: v.record(v.string(), v.number()) })

const FavoritesQuery = v.object({
  ...TagsQuery.entries,
  user_id: v.optional(
    v.pipe(
      TagId,
      v.description('Whose; for admins also another user’s.'),
      v.examples(['019a5c3e-7b1a-7c1e-9d7e-0f4f6a2b9c11']),
    ),
  ),
})
const FavoriteAnswer = v.object({ tag_id: Id, is_favorite: v.boolean() })

nameSchemas({
  TagRating: RateBody,
  RatedTag: RatedAnswer,
  TagRatings: RatingsAnswer,
  FavoriteTag: FavoriteAnswer,
})

const rate = route(
  'POST /v1/tags/:id/rate',
  {
    id: 'rateTag',
    tag: 'Tags',
    summary: 'Rate a tag',
    description: 'From 1 to 5, in halves. Rating again replaces your rating.',
    may: 'write',
    limit: 'writes',
    params: TagParams,
    body: RateBody,
    example: { rating: 4.5 },
    gives: { body: RatedAnswer, text: 'Your rating, and what all come to.', example: RATED },
    problems: [tagNotFound],
    audit: { of: 'tag', actions: ['tag_rated'] },
  },
  async ({ tx, user, params: { id }, body, audit }) => {
    if (!(await lockTag(tx, user.id, id))) throw tagNotFound()
    await rateTag(tx, user.id, id, body.rating)
    await audit(id)
    const { average_rating, rating_count } = (await findTag(tx, user.id, id))!
    return { tag_id: id, rating: body.rating, average_rating, rating_count }
  },
)

const unrate = route(
  'DELETE /v1/tags/:id/rate',
  {
    id: 'unrateTag',
    tag: 'Tags',
    summary: 'Take your rating of a tag back',
    description: 'Where you have not rated it nothing changes.',
    may: 'write',
    limit: 'writes',
    params: TagParams,
    gives: { text: 'You have not rated it. No body.' },
    problems: [tagNotFound],
    audit: { of: 'tag', actions: ['tag_unrated'] },
  },
  async ({ tx, user, params: { id }, audit }) => {
    if (!(await lockTag(tx, user.id, id))) throw tagNotFound()
    await unrateTag(tx, user.id, id)
    await audit(id)
  },
)

const getRating = route(
  'GET /v1/tags/:id/rating',
  {
    id: 'getTagRating',
    tag: 'Tags',
    summary: 'Your rating of a tag',
    description: 'Null where you have not rated it; and what the ratings of all come to.',
    may: 'read',
    limit: 'default',
    params: TagParams,
    gives: { body: RatedAnswer, text: 'Your rating, and what all come to.', example: RATED },
    problems: [tagNotFound],
  },
  async ({ sql, user, params: { id } }) => {
    const [tag, rating] = await Promise.all([findTag(sql, user.id, id), findRating(sql, user.id, id)])
    if (!tag) throw tagNotFound()
    const { average_rating, rating_count } = tag
    return { tag_id: id, rating: rating ?? null, average_rating, rating_count }
  },
)

const getRatings = route(
  'GET /v1/tags/ratings',
  {
    id: 'listTagRatings',
    tag: 'Tags',
    summary: 'Your ratings of several tags',
    description: 'At most 200 at once; tags that you have not rated are left out.',
    may: 'read',
    limit: 'default',
    query: RatingsQuery,
    gives: { body: RatingsAnswer, text: 'Your ratings.', example: { ratings: { [TAG.id]: 4.5 } } },
  },
  async ({ sql, user, query: { 'tag_ids[]': ids = [], tag_ids = [] } }) => ({
    ratings: await findRatings(sql, user.id, [...ids, ...tag_ids]),
  }),
)

const favorite = route(
  'POST /v1/tags/:id/favorite',
  {
    id: 'favoriteTag',
    tag: 'Tags',
    summary: 'Make a tag a favourite',
    description: 'Of yours alone. Where it is one already nothing changes.',
    may: 'write',
    limit: 'writes',
    params: TagParams,
    gives: {
      body: FavoriteAnswer,
      text: 'It is one.',
      example: { tag_id: TAG.id, is_favorite: true },
    },
    problems: [tagNotFound],
    audit: { of: 'tag', actions: ['tag_favorited'] },
  },
  async ({ tx, user, params: { id }, audit }) => {
    if (!(await lockTag(tx, user.id, id))) throw tagNotFound()
    await addFavorite(tx, user.id, id)
    await audit(id)
    return { tag_id: id, is_favorite: true }
  },
)

const unfavorite = route(
  'DELETE /v1/tags/:id/favorite',
  {
    id: 'unfavoriteTag',
    tag: 'Tags',
    summary: 'Let a tag be no favourite',
    description: 'Where it is none nothing changes.',
    may: 'write',
    limit: 'writes',
    params: TagParams,
    gives: { text: 'It is none. No body.' },
    problems: [tagNotFound],
    audit: { of: 'tag', actions: ['tag_unfavorited'] },
  },
  async ({ tx, user, params: { id }, audit }) => {
    if (!(await lockTag(tx, user.id, id))) throw tagNotFound()
    await removeFavorite(tx, user.id, id)
    await audit(id)
  },
)

const favorites = route(
  'GET /v1/tags/favorites',
  {
    id: 'listFavoriteTags',
    tag: 'Tags',
    summary: 'Your favourite tags',
    description: 'Admins may ask for those of another user.',
    may: 'read',
    limit: 'default',
    query: FavoritesQuery,
    gives: { body: TagsAnswer, text: 'A page of tags.', example: TAG_PAGE },
    problems: [forbidden, pageOutOfRange],
  },
  ({ sql, user, query: { user_id = user.id, ...query } }) => {
    if (user_id !== user.id && !mayDo(user.permissions, 'admin')) throw forbidden()
    return tagPage(sql, user_id, { favorites: true }, query)
  },
)

/** What users think of tags. */
export const markRoutes = [rate, unrate, getRating, getRatings, favorite, unfavorite, favorites]
