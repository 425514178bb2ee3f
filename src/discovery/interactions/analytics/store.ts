import type { Sql } from '../../../ground/database/connection.ts'
import { together } from '../../../ground/database/together.ts'
import type { InteractionType } from '../../../vocabulary.ts'

type Counts = Partial<Record<InteractionType, number>>

/** A day as it is written, in UTC. */
const dayOf = (sql: Sql, time: string) => sql`to_char(${sql(time)} at time zone 'UTC', 'YYYY-MM-DD')`

/** What a user did since a time, by kind, by day and by hour of the day. */
export async function countBehavior(sql: Sql, userId: string, since: string) {
  const rows = await sql<
    {
      interaction_type: InteractionType | null
      day: string | null
      hour: number | null
      count: number
      average_rating: number | null
      duration_ms: number
    }[]
  >`
    select interaction_type, day, hour, count(*) as count, avg(rating)::float8 as average_rating,
      coalesce(sum(duration_ms), 0) as duration_ms
    from (
      select interaction_type, rating, duration_ms, ${dayOf(sql, 'created_at')} as day,
        extract(hour from created_at at time zone 'UTC')::integer as hour
      from interactions
      where user_id = ${userId} and created_at >= ${since}
    ) i
    group by grouping sets ((interaction_type), (day), (hour), ())
    order by day, count(*) desc, hour`
  const all = rows.find(({ interaction_type, day, hour }) => !interaction_type && !day && hour === null)!
  return {
    total_interactions: all.count,
    average_rating: all.average_rating,
    total_duration_ms: all.duration_ms,
    by_type: Object.fromEntries(
      rows.flatMap(({ interaction_type, count }) => (interaction_type ? [[interaction_type, count]] : [])),
    ) as Counts,
    by_day: rows.flatMap(({ day, count }) => (day ? [{ day, count }] : [])),
    top_hours: rows.flatMap(({ hour, count }) => (hour === null ? [] : [{ hour, count }])),
  }
}

const TOP = 10

/** How often a user did something with each of their contents since a time. */
const used = (sql: Sql, userId: string, since: string) => sql`
  select content_id, count(*) as count
  from interactions
  where user_id = ${userId} and created_at >= ${since}
  group by content_id`

/** The categories of what a user did most with since a time, of their own saves and works. */
export async function topCategories(sql: Sql, userId: string, since: string) {
  return sql<{ category: string; count: number }[]>`
    with used as materialized (${used(sql, userId, since)})
    select category, sum(count)::integer as count
    from (
      select s.category, u.count
      from used u
      join user_content_saves s on s.user_id = ${userId} and s.id = u.content_id
      union all
      select w.content_category, u.count
      from used u
      join works w on w.user_id = ${userId} and w.id = u.content_id
      where w.content_category is not null
    ) of_contents
    group by category
    order by sum(count) desc, category
    limit ${TOP}`
}

/** The tags of what a user did most with since a time, of their own saves and works. */
export async function topTags(sql: Sql, userId: string, since: string) {
  return sql<{ id: string; name: string; count: number }[]>`
    with used as materialized (${used(sql, userId, since)})
    select t.id, t.name, sum(count)::integer as count
    from (
      select s.tag_id, u.count
      from used u
      join save_tags s on s.user_id = ${userId} and s.save_id = u.content_id
      union all
      select w.tag_id, u.count
      from used u
      join work_tags w on w.user_id = ${userId} and w.work_id = u.content_id
    ) of_contents
    join tags t on t.id = of_contents.tag_id
    group by t.id, t.name
    order by sum(count) desc, t.name, t.id
    limit ${TOP}`
}

/** What everybody did with a content: counts, and nobody's name. Of a user's ratings the last one counts. */
export async function countOfContent(sql: Sql, contentId: string) {
  const [kinds, [users], [ratings]] = await together(
    sql<{ interaction_type: InteractionType; count: number; mean_ms: number | null }[]>`
      select interaction_type, count(*) as count, avg(duration_ms)::float8 as mean_ms
      from interactions
      where content_id = ${contentId}
      group by interaction_type
      order by count(*) desc, interaction_type`,
    sql<{ count: number }[]>`
      select count(distinct user_id) as count
      from interactions
      where content_id = ${contentId}`,
    sql<{ average: number | null; count: number }[]>`
      select avg(rating)::float8 as average, count(*) as count
      from (
        select distinct on (user_id) rating
        from interactions
        where content_id = ${contentId} and interaction_type = 'rate'
        order by user_id, created_at desc, id desc
      ) last`,
  )
  return {
    by_type: Object.fromEntries(kinds.map(it => [it.interaction_type, it.count])) as Counts,
    unique_users: users!.count,
    average_rating: ratings!.average,
    rating_count: ratings!.count,
    mean_dwell_ms: kinds.find(it => it.interaction_type === 'dwell')?.mean_ms ?? null,
  }
}

/** What was done on a day. */
export interface DayCount {
  /** Such as 2026-01-15, in UTC. */
  day: string
  /** `any`: whatever it was, so that each user counts once. */
  interaction_type: InteractionType | 'any'
  interactions: number
  users: number
}

/** What all users did on the days from one on, and before another. */
export async function countDays(sql: Sql, from: string, to: string): Promise<DayCount[]> {
  const counted = (kind: 'interaction_type' | 'any') => sql<DayCount[]>`
    select day, interaction_type, count(*) as interactions, count(distinct user_id) as users
    from (
      select ${dayOf(sql, 'created_at')} as day, user_id,
        ${kind === 'any' ? sql`'any'` : sql(kind)} as interaction_type
      from interactions
      where created_at >= ${from}::timestamptz and created_at < ${to}::timestamptz
    ) i
    group by day, interaction_type
    order by day, interaction_type`
  const [byType, all] = await together(counted('interaction_type'), counted('any'))
  return [...byType, ...all]
}

/** The last day that was counted, if there is one. */
export async function lastCountedDay(sql: Sql): Promise<string | undefined> {
  const [last] = await sql<{ day: string }[]>`
    select day::text as day
    from interaction_days
    order by day desc
    limit 1`
  return last?.day
}

/** Keeps what was counted, in place of what was before. */
export async function keepDays(sql: Sql, days: DayCount[]): Promise<void> {
  if (days.length === 0) return
  await sql`
    insert into interaction_days (day, interaction_type, interactions, users)
    select day, interaction_type, interactions, users
    from jsonb_to_recordset(${sql.json(days as never)})
      as d (day date, interaction_type text, interactions integer, users integer)
    on conflict (day, interaction_type) do update
    set interactions = excluded.interactions, users = excluded.users`
}

/** What is kept of the days from one on. */
export async function listDays(sql: Sql, from: string): Promise<DayCount[]> {
  return sql<DayCount[]>`
    select day::text as day, interaction_type, interactions, users
    from interaction_days
    where day >= ${from}::text::date
    order by day, interaction_type`
}
