// What a query says of saves, as conditions of a statement over user_content_saves `s`.
import type postgres from 'postgres'
import type { Sql } from '../../ground/database/connection.ts'
import { STATUSES } from '../../vocabulary.ts'
import { contentOfSave } from '../copies/store.ts'
import { hasTags } from '../tags/on-saves/store.ts'
import { asksFor, type Condition, type ParsedQuery } from './parse-query.ts'

type Fragment = postgres.PendingQuery<postgres.Row[]>

/** The trigram index knows nothing shorter. */
const SHORTEST_INDEXED = 3

/** All that a query asks of a user's saves. Its words must stand together, as they were typed. */
export const isAsQueried = (sql: Sql, userId: string, { text, conditions }: ParsedQuery): Fragment =>
  conditions.reduce(
    (all, condition) =>
      sql`${all} and ${sql.unsafe(condition.is_not ? 'not' : '')} ${holds(sql, userId, condition)}`,
    text === '' ? sql`true` : contains(sql, text),
  )

/** The ids of a user's saves that a query finds: READY ones that are not archived, unless it asks for others. */
export const savesMatching = (sql: Sql, userId: string, query: ParsedQuery): Fragment => sql`
  select s.id
  from user_content_saves s
  where s.user_id = ${userId}
    and s.status in ${sql(asksFor(query, 'failed') ? STATUSES : (['READY'] as const))}
    ${asksFor(query, 'archived') ? sql`` : sql`and not s.is_archived`}
    and ${isAsQueried(sql, userId, query)}`

/**
 * The contents of a user's READY saves for which conditions hold, the newest save first.
 * @param among of these contents alone
 */
export async function findContentsMeeting(
  sql: Sql,
  userId: string,
  conditions: Condition[],
  limit: number,
  among?: string[],
): Promise<string[]> {
  if (among?.length === 0) return []
  const rows = await sql<{ id: string }[]>`
    select s.shared_content_id as id
    from user_content_saves s
    where s.user_id = ${userId} and s.status = 'READY'
      ${among ? sql`and s.shared_content_id in ${sql(among)}` : sql``}
      and ${isAsQueried(sql, userId, { text: '', conditions })}
    order by s.created_at desc, s.id desc
    limit ${limit}`
  return rows.map(({ id }) => id)
}

function holds(sql: Sql, userId: string, { of, value }: Condition): Fragment {
  switch (of) {
    case 'word':
      return sql`(${contains(sql, value)})`
    case 'tag':
      return sql`(${hasTags(sql, userId, [value], 'any')})`
    case 'in':
      return isIn(sql, userId, value)
    case 'site':
      return isOfSite(sql, userId, value)
    case 'category':
      return sql`(s.category = ${value})`
    case 'is':
      return sql`(${sql.unsafe(STATES[value])})`
    case 'has':
      return value === 'note'
        ? sql`(s.raw_share_text is not null)`
        : sql`exists (select from save_tags t where t.user_id = ${userId} and t.save_id = s.id and t.source = 'user')`
    case 'before':
      return sql`(s.created_at < ${value})`
    case 'after':
      return sql`(s.created_at >= ${value})`
  }
}

const STATES = {
  favorite: 's.is_favorited',
  archived: 's.is_archived',
  public: 's.is_public',
  unread: 's.last_viewed_at is null',
  failed: `s.status = 'FAILED'`,
} as const

/** Title, topic or note, whatever their case and accents, and no character that means something else. */
function contains(sql: Sql, words: string): Fragment {
  const letters = words.normalize('NFKD').replace(/\p{M}/gu, '').length
  if (letters < SHORTEST_INDEXED) return sql`strpos(s.search_text, folded(${words})) > 0`
  return sql`s.search_text like '%' || regexp_replace(folded(${words}), '([\\\\%_])', '\\\\\\1', 'g') || '%'`
}

/** In a category of this name that has members: what a smart one finds is not asked for here. */
const isIn = (sql: Sql, userId: string, name: string) => sql`
  exists (
    select
    from bookmarks b
    join bookmark_memberships m on m.user_id = ${userId} and m.bookmark_id = b.id and not m.is_hidden
    join bookmark_categories k on k.user_id = ${userId} and k.id = m.category_id
    where b.user_id = ${userId} and b.save_id = s.id and k.name_key = left(folded(${name}), 255)
  )`

/** Of a host, or of one beneath it. */
const isOfSite = (sql: Sql, userId: string, host: string) => sql`
  exists (
    select
    from (select s.shared_content_id) s
    join ${contentOfSave(sql, userId)}
    cross join lateral (select '.' || substring(c.url from '^[a-z]+://([^/:?#]+)') as host) of_url
    where right(of_url.host, length(${host}) + 1) = '.' || ${host}
  )`
