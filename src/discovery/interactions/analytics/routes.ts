import { userNotFound } from '../../../accounts/users/managed.ts'
import { isAdmin, mayNotView } from '../../../accounts/users/rules.ts'
import { route } from '../../../route.ts'
import type { InteractionType } from '../../../vocabulary.ts'
import { INTERACTION } from '../examples.ts'
import { mayAskOf } from '../lists/routes.ts'
import { ContentParams } from '../lists/schema.ts'
import { contentNotFound } from '../problems.ts'
import { findContents } from '../store.ts'
import { dayAt, daysFrom, firstOf, startOf } from './days.ts'
import { BehaviorAnswer, BehaviorParams, ContentAnalyticsAnswer, DaysQuery, GlobalAnswer } from './schema.ts'
import {
  countBehavior,
  countDays,
  countOfContent,
  type DayCount,
  lastCountedDay,
  listDays,
  topCategories,
  topTags,
} from './store.ts'

const sum = (counts: number[]) => counts.reduce((all, count) => all + count, 0)

const behavior = route(
  'GET /v1/interactions/analytics/user-behavior/:user_id',
  {
    id: 'getUserBehavior',
    tag: 'Interactions',
    summary: 'What a user does, and with what',
    description:
      'Over the last days, of UTC, of which today is one. Categories and tags are those of their own saves and works. Your own; admins may name anybody.',
    may: 'read',
    limit: 'default',
    params: BehaviorParams,
    query: DaysQuery,
    gives: {
      body: BehaviorAnswer,
      text: 'Counts of the user’s interactions.',
      example: {
        user_id: INTERACTION.user_id,
        days: 30,
        total_interactions: 3,
        by_type: { view: 2, rate: 1 },
        by_day: [{ day: '2026-01-15', count: 3 }],
        top_categories: [{ category: 'Food & Drink', count: 3 }],
        top_tags: [{ id: '019a5c40-11e5-7d1c-9b0a-2c3d4e5f6071', name: 'brunch', count: 3 }],
        top_hours: [{ hour: 18, count: 3 }],
        average_rating: 4.5,
        total_duration_ms: 16_800,
      },
    },
    problems: [mayNotView, userNotFound],
  },
  async ({ sql, user, params: { user_id }, query: { days } }) => {
    await mayAskOf(sql, user, user_id)
    const since = startOf(firstOf(days))
    const [counts, top_categories, top_tags] = await Promise.all([
      countBehavior(sql, user_id, since),
      topCategories(sql, user_id, since),
      topTags(sql, user_id, since),
    ])
    return { user_id, days, ...counts, top_categories, top_tags }
  },
)

const ofContent = route(
  'GET /v1/interactions/analytics/content/:content_id',
  {
    id: 'getContentAnalytics',
    tag: 'Interactions',
    summary: 'What everybody did with a content of yours',
    description:
      'Counts alone, of you and of whoever found it while it was public; nobody is named. Of a person’s ratings the last one counts. Admins may ask about any content.',
    may: 'read',
    limit: 'default',
    params: ContentParams,
    gives: {
      body: ContentAnalyticsAnswer,
      text: 'Counts of all interactions with it.',
      example: {
        content_id: INTERACTION.content_id,
        total_interactions: 12,
        by_type: { view: 9, rate: 2, dwell: 1 },
        unique_users: 4,
        average_rating: 4.25,
        rating_count: 2,
        mean_dwell_ms: 8400,
      },
    },
    problems: [contentNotFound],
  },
  async ({ sql, user, params: { content_id: asked } }) => {
    const content = (await findContents(sql, user.id, [asked])).get(asked)
    const isOwn = content !== undefined && content.kind !== 'public'
    if (!isOwn && !isAdmin(user)) throw contentNotFound()
    const content_id = content?.id ?? asked
    const counts = await countOfContent(sql, content_id)
    const total_interactions = sum(Object.values(counts.by_type))
    // Of what is private to others no more is known than what was done with it.
    if (!content && total_interactions === 0) throw contentNotFound()
    return { content_id, total_interactions, ...counts }
  },
)

/** Days that are over as the job counted them, and what came since. */
const ofAll = route(
  'GET /v1/interactions/analytics/global',
  {
    id: 'getInteractionAnalytics',
    tag: 'Interactions',
    summary: 'What all users do',
    description:
      'Over the last days, of UTC, of which today is one. A day that is over stays as it was counted that night.',
    may: 'admin',
    limit: 'default',
    query: DaysQuery,
    gives: {
      body: GlobalAnswer,
      text: 'Counts of all interactions.',
      example: {
        days: 30,
        total_interactions: 12,
        by_type: { view: 9, rate: 2, dwell: 1 },
        by_day: [{ day: '2026-01-15', count: 12, users: 4 }],
      },
    },
  },
  async ({ sql, query: { days } }) => {
    const first = firstOf(days)
    const last = await lastCountedDay(sql)
    const uncounted = last && last >= first ? daysFrom(last, 1) : first
    const [kept, live] = await Promise.all([
      listDays(sql, first),
      countDays(sql, startOf(uncounted), startOf(daysFrom(dayAt(Date.now()), 1))),
    ])
    return { days, ...summarise([...kept, ...live]) }
  },
)

function summarise(counts: DayCount[]) {
  const by_type: Partial<Record<InteractionType, number>> = {}
  const by_day: { day: string; count: number; users: number }[] = []
  for (const { day, interaction_type, interactions, users } of counts) {
    if (interaction_type === 'any') by_day.push({ day, count: interactions, users })
    else by_type[interaction_type] = (by_type[interaction_type] ?? 0) + interactions
  }
  return { total_interactions: sum(Object.values(by_type)), by_type, by_day }
}

export const analyticsRoutes = [behavior, ofContent, ofAll]
