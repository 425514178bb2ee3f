import * as v from 'valibot'
import { UserId } from '../../../accounts/users/schema.ts'
import { nameSchemas } from '../../../ground/http/openapi/named-schemas.ts'
import { Id, queryInteger } from '../../../ground/http/schemas.ts'
import { INTERACTION_TYPES } from '../../../vocabulary.ts'

export const DaysQuery = v.object({ days: queryInteger(30, 1, 365) })

export const BehaviorParams = v.object({
  user_id: v.pipe(
    UserId,
    v.description('Whose; for admins also another user’s.'),
    v.examples(['019a5c3e-7c11-7a40-8b52-3f1d9e6a0c01']),
  ),
})

/** How many of each kind; kinds of which there are none are left out. */
const ByType = v.record(v.picklist(INTERACTION_TYPES), v.number())
const Day = v.pipe(v.string(), v.isoDate())

export const BehaviorAnswer = v.object({
  user_id: Id,
  days: v.number(),
  total_interactions: v.number(),
  by_type: ByType,
  by_day: v.array(v.object({ day: Day, count: v.number() })),
  top_categories: v.array(v.object({ category: v.string(), count: v.number() })),
  top_tags: v.array(v.object({ id: Id, name: v.string(), count: v.number() })),
  top_hours: v.array(v.object({ hour: v.number(), count: v.number() })),
  average_rating: v.nullable(v.number()),
  total_duration_ms: v.number(),
})

export const ContentAnalyticsAnswer = v.object({
  content_id: Id,
  total_interactions: v.number(),
  by_type: ByType,
  unique_users: v.number(),
  average_rating: v.nullable(v.number()),
  rating_count: v.number(),
  mean_dwell_ms: v.nullable(v.number()),
})

export const GlobalAnswer = v.object({
  days: v.number(),
  total_interactions: v.number(),
  by_type: ByType,
  by_day: v.array(v.object({ day: Day, count: v.number(), users: v.number() })),
})

nameSchemas({
  UserBehavior: BehaviorAnswer,
  ContentAnalytics: ContentAnalyticsAnswer,
  InteractionAnalytics: GlobalAnswer,
})
