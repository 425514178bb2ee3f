// How much content there is. Saves of one library have counters; of the rest an index is read and no table.
import type { Sql } from '../../../ground/database/connection.ts'
import { STATUSES } from '../../../vocabulary.ts'
import {
  CONTENT_SOURCE_TYPES,
  CONTENT_TYPES,
  type ContentSourceType,
  type ContentType,
  type Counts,
} from '../listing.ts'
import type { Fragment } from '../parts/store.ts'

/**
 * How many there are of each source, as columns; 0 of a source that is not wanted.
 * @param withNsfw whether other people's works that are not safe for work count
 */
export function countsOf(
  sql: Sql,
  owner: string,
  withNsfw: boolean,
  wanted: readonly ContentSourceType[],
): Fragment {
  const ofOwner = (source: string) => sql`(
    select count(*)
    from works
    where user_id = ${owner} and source_type = ${source})`
  const ofOthers = (source: string) => sql`(
    select count(*)
    from works
    where is_public and source_type = ${source} and user_id <> ${owner}
      ${withNsfw ? sql`` : sql`and is_nsfw = false`})`
  const savesOfOwner = sql`(
    select coalesce(sum(items), 0)::integer
    from library_counts
    where user_id = ${owner} and is_archived = false)`
  const savesOfOthers = sql`(
    select count(*)
    from user_content_saves
    where is_public and not is_archived and user_id <> ${owner})`
  const ifWanted = (source: ContentSourceType, count: Fragment) => (wanted.includes(source) ? count : sql`0`)
  return sql`
    ${ifWanted('user-regular', sql`${savesOfOwner} + ${ofOwner('regular')}`)} as user_regular_count,
    ${ifWanted('user-auto', ofOwner('auto'))} as user_auto_count,
    ${ifWanted('community-regular', sql`${savesOfOthers} + ${ofOthers('regular')}`)} as community_regular_count,
    ${ifWanted('community-auto', ofOthers('auto'))} as community_auto_count`
}

export interface Stats extends Counts {
  by_type: Record<ContentType, number>
  /** The last 30 days in UTC, the oldest first. */
  by_day: { date: string; count: number }[]
}

const DAYS = 30

/** How much content there is: the owner's, and what others have made public. */
export async function findStats(sql: Sql, owner: string): Promise<Stats> {
  const since = sql`date_trunc('day', now(), 'UTC') - make_interval(days => ${DAYS - 1})`
  const [row] = await sql<(Counts & { types: Record<string, number>; days: Record<string, number> })[]>`
    select ${countsOf(sql, owner, false, CONTENT_SOURCE_TYPES)},
      (
        select coalesce(jsonb_object_agg(content_type, items), '{}')
        from (
          select content_type, count(*) as items
          from (
            select content_type from works where user_id = ${owner}
            union all
            select content_type from works where is_public and is_nsfw = false and user_id <> ${owner}
          ) w
          group by content_type
        ) t
      ) as types,
      (
        select coalesce(jsonb_object_agg(day, items), '{}')
        from (
          select to_char(created_at at time zone 'UTC', 'YYYY-MM-DD') as day, count(*) as items
          from (
            select created_at from user_content_saves
            where user_id = ${owner} and status in ${sql(STATUSES)} and is_archived = false and created_at >= ${since}
            union all
            select created_at from user_content_saves
            where is_public and not is_archived and user_id <> ${owner} and created_at >= ${since}
            union all
            select created_at from works where user_id = ${owner} and created_at >= ${since}
            union all
            select created_at from works
            where is_public and is_nsfw = false and user_id <> ${owner} and created_at >= ${since}
          ) c
          group by day
        ) d
      ) as days`
  const { types, days, ...counts } = row!
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const ofWorks = CONTENT_TYPES.map(type => types[type] ?? 0)
  const saves = total - ofWorks.reduce((sum, count) => sum + count, 0)
  const byType = CONTENT_TYPES.map((type, at) => [type, ofWorks[at]! + (type === 'link' ? saves : 0)])
  return { ...counts, by_type: Object.fromEntries(byType), by_day: lastDays(days) }
}

function lastDays(counts: Record<string, number>) {
  const today = Date.now()
  return Array.from({ length: DAYS }, (_, at) => {
    const date = new Date(today - (DAYS - 1 - at) * 86_400_000).toJSON().slice(0, 10)
    return { date, count: counts[date] ?? 0 }
  })
}
