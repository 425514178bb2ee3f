// Searching by words and by meaning, in what a user saved or in what everybody may find besides. Notes are searched
// only in the user's own saves, whatever the scope.
import type { Sql } from '../../database/connection.ts'
import { contentColumns } from '../../library/contents/store.ts'
import { nestRow } from '../../library/items/nest-row.ts'
import type { SearchQuery, SearchResult } from './schema.ts'

/** The words, and where they are looked for. */
export type Wanted = { q: string } & (
  | { scope: Extract<SearchQuery['scope'], 'mine'> }
  | { scope: Extract<SearchQuery['scope'], 'all'>; least_savers: number }
)

export interface Hit {
  id: string
  score: number
}

/**
 * READY contents that hold any of the words of `q`, those with the most and the weightiest first. Operators mean
 * nothing: the words are or-ed, since a question in whole sentences rarely finds all of its words in one text.
 */
export async function findByWords(sql: Sql, userId: string, wanted: Wanted, limit: number): Promise<Hit[]> {
  const { q, scope } = wanted
  return sql<Hit[]>`
    with asked as materialized (
      select replace(plainto_tsquery('english', ${q})::text, ' & ', ' | ')::tsquery as words
    ), found as (
      select c.id, ts_rank(c.words, asked.words) as rank
      from asked
      join shared_contents c on c.words @@ asked.words
      ${scope === 'mine' ? sql`join user_content_saves s on s.user_id = ${userId} and s.shared_content_id = c.id` : sql``}
      where c.status = 'READY' ${scope === 'all' ? sql`and ${isFindable(sql, userId, wanted.least_savers)}` : sql``}
      union all
      select s.shared_content_id, ts_rank(s.note_words, asked.words)
      from asked
      join user_content_saves s on s.note_words @@ asked.words
      where s.user_id = ${userId} and s.status = 'READY'
    )
    select id, sum(rank)::float8 as score
    from found
    group by id
    order by score desc, id
    limit ${limit}`
}

/** Whether a user may find the content `c`: as everybody may (sql/0010_sharing.sql), or as their own. */
const isFindable = (sql: Sql, userId: string, leastSavers: number) => sql`(
  (c.is_shareable and publicity(c.source_platform, c.save_count) >= ${leastSavers})
  or exists (select from user_content_saves s where s.user_id = ${userId} and s.shared_content_id = c.id)
)`

/** Contents by id, each with the caller's own save of it. */
export async function findResults(
  sql: Sql,
  userId: string,
  ids: string[],
): Promise<Map<string, Pick<SearchResult, 'save_id' | 'content'>>> {
  if (ids.length === 0) return new Map()
  const rows = await sql`
    select ${contentColumns(sql)}, s.id as "save.id"
    from shared_contents c
    left join user_content_saves s on s.user_id = ${userId} and s.shared_content_id = c.id
    where c.id in ${sql(ids)}`
  const results = rows.map(row =>
    nestRow<{ content: SearchResult['content']; save: { id: string | null } }>(row),
  )
  return new Map(results.map(({ content, save }) => [content.id, { save_id: save.id, content }]))
}
