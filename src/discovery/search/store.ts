// Searching by words and by meaning, in what a user saved or in what everybody may find besides. Notes and own titles are
// searched only in the user's own saves, whatever the scope.
import type { Sql } from '../../ground/database/connection.ts'
import { isSpread } from '../../ground/database/layout.ts'
import { together } from '../../ground/database/together.ts'
import { contentColumns } from '../../library/contents/store.ts'
import { contentOfSave } from '../../library/copies/store.ts'
import { nestRows } from '../../library/items/nest-row.ts'
import { type OwnWords, withOwnWords } from '../../library/items/own-words.ts'
import type { Scored as Hit } from './fuse-scores.ts'
import type { SearchQuery, SearchResult } from './schema.ts'
import { splitQuery } from './split-query.ts'

/** The words, and where they are looked for. */
export type Wanted = { q: string } & (
  | { scope: Extract<SearchQuery['scope'], 'mine'> }
  | { scope: Extract<SearchQuery['scope'], 'all'>; least_savers: number }
)

/** A library's languages are those of so many of its newest saves. */
const SAVES_READ = 300
/** What an ending or a beginning tells is worth less than the word itself. */
const STEM = 0.7
const BEGINNING = 0.35
/** Shorter beginnings are those of too many words. */
const SHORTEST_BEGINNING = 3
/** What ts_rank gives for a word that stands in a title once. */
const IN_A_TITLE = 0.6079
/** What the words are worth more in the order of the query. */
const IN_ORDER = 0.25
/** Of a word that more contents hold than this, these are looked at: it says little, and each look takes time. */
const MOST_OF_A_WORD = 2000

/**
 * READY contents that hold any of the words of `q`, best first. Operators mean nothing: the words are or-ed, since a
 * question in whole sentences rarely finds all of its words in one text. Words that only join others are looked for
 * where there are no others: then all of them, in titles.
 *
 * A score is the share of the query that a content holds, each word weighing less the more contents hold it: 1 where
 * all stand in the title, more where they stand in the order of the query.
 */
export async function findByWords(sql: Sql, userId: string, wanted: Wanted, limit: number): Promise<Hit[]> {
  const pieces = splitQuery(wanted.q)
  if (pieces.length === 0) return []
  const isApart = isSpread(sql) && wanted.scope === 'all'
  return sql<Hit[]>`
    with tongues as materialized (
      select 'english'::regconfig as config
      union
      select search_config(language)
      from (
        select distinct coalesce(c.text_language, c.language) as language
        from (
          select shared_content_id
          from user_content_saves
          where user_id = ${userId} and status = 'READY' and not is_archived
          order by created_at desc, id desc
          limit ${SAVES_READ}
        ) s
        join ${contentOfSave(sql, userId)}
      ) spoken
    ), pieces as materialized (
      select n, plain, phraseto_tsquery('simple', plain) as exact, is_unspaced(plain) as is_unspaced,
        phraseto_tsquery('simple', folded(compound_parts(piece))) as parts
      from (
        select n, piece, split_words(folded(piece)) as plain
        from string_to_table(${pieces.join('\n')}, E'\n') with ordinality as asked(piece, n)
        -- As many as there are: the planner would take them for a thousand, and read the whole library.
        limit ${pieces.length}
      ) split
    ), read as materialized (
      select n, exact, parts, is_unspaced, stems, stops,
        case
          when is_unspaced or (numnode(exact) = 1 and length(plain) >= ${SHORTEST_BEGINNING})
            then (exact::text || ':*')::tsquery
        end as beginning
      from pieces
      cross join lateral (
        select string_agg(nullif(stem::text, ''), ' | ')::tsquery as stems,
          bool_or(numnode(stem) = 0) as stops
        from (select distinct phraseto_tsquery(config, plain) as stem from tongues) stemmed
      ) of_tongues
      where numnode(exact) > 0
    ), words as materialized (
      select n, beginning, stems, case when is_unspaced then beginning else exact || coalesce(parts, exact) end as exact,
        case
          when is_unspaced then beginning
          else exact || coalesce(parts, exact) || coalesce(stems, exact) || coalesce(beginning, exact)
        end as any_form
      from read
      where not stops
      union all
      select 0, null, null, titles, titles
      from (
        select string_agg(regexp_replace(exact::text, '''( |$)', ''':A\\1', 'g'), ' & ')::tsquery as titles
        from read
        having bool_and(stops)
      ) joining
    ), whole as materialized (
      select phraseto_tsquery('simple', string_agg(plain, ' ' order by n)) as phrase, count(*) as pieces from pieces
    ), found as materialized (
      ${isApart ? holdingEach(sql, userId, wanted, pieces.length) : holding(sql, userId, wanted)}
    ), hits as (
      select w.n, c.id, ${strength(sql, 'c.words')} as strength,
        (whole.pieces > 1 and c.words @@ whole.phrase)::integer as is_whole
      from (select distinct id from found) candidates
      join ${contents(sql, wanted)} on c.id = candidates.id ${isBeside(sql, wanted) ? sql`and c.user_id = ${userId}` : sql``}
      join words w on c.words @@ w.any_form
      cross join whole
      union all
      select w.n, s.shared_content_id, ${strength(sql, 's.note_words')},
        (whole.pieces > 1 and s.note_words @@ whole.phrase)::integer
      from words w
      cross join whole
      join user_content_saves s on s.note_words @@ w.any_form
      where s.user_id = ${userId} and s.status = 'READY'
    ), strongest as (
      select n, id, max(strength) as strength, max(is_whole) as is_whole
      from hits
      group by n, id
    ), weights as (
      select w.n, 1 / log(2::numeric, 2 + coalesce(f.contents, 0))::float8 as weight
      from words w
      left join (select n, count(*) as contents from strongest group by n) f on f.n = w.n
    )
    select id, sum(strength * weight) / (select sum(weight) from weights) / ${IN_A_TITLE}::float8
      + max(is_whole) * ${IN_ORDER}::float8 as score
    from strongest
    join weights using (n)
    group by id
    order by score desc, id
    limit ${limit}`
}

/** The contents that hold a word, of each no more than are looked at. */
const holding = (sql: Sql, userId: string, wanted: Wanted) => sql`
      select w.n, held.id
      from words w
      cross join lateral (
        select c.id
        from ${contents(sql, wanted)}
        where c.words @@ w.any_form and c.status = 'READY' and ${isInScope(sql, userId, wanted)}
        limit ${MOST_OF_A_WORD}
      ) held`

/** The same word by word: over several machines there is no looking at what stands beside. */
const holdingEach = (sql: Sql, userId: string, wanted: Wanted, words: number) =>
  Array.from(
    { length: words + 1 },
    (_, n) => sql`
      (select ${n}::bigint as n, c.id
      from ${contents(sql, wanted)}
      where c.words @@ (select any_form from words where n = ${n}) and c.status = 'READY'
        and ${isInScope(sql, userId, wanted)}
      limit ${MOST_OF_A_WORD})`,
  ).reduce((all, of) => sql`${all} union all ${of}`)

/** How well a text holds a word `w`: as it is written, by its stem, or by its beginning. */
const strength = (sql: Sql, column: string) => {
  const rank = (query: string) => sql.unsafe(`ts_rank('{0.4, 0.5, 0.6, 1}', ${column}, ${query})`)
  return sql`greatest(${rank('w.exact')}, ${STEM}::float8 * ${rank('w.stems')},
    ${BEGINNING}::float8 * ${rank('w.beginning')})`
}

/** A content, if it is READY and whoever asks may find it. */
export async function findIfReady(
  sql: Sql,
  userId: string,
  contentId: string,
  wanted: Wanted,
): Promise<string | undefined> {
  const [content] = await sql<{ id: string }[]>`
    select c.id
    from ${contents(sql, wanted)}
    where c.id = ${contentId} and c.status = 'READY' and ${isInScope(sql, userId, wanted)}`
  return content?.id
}

/** Whether what is looked through lies beside the user's saves. */
const isBeside = (sql: Sql, { scope }: Wanted) => isSpread(sql) && scope === 'mine'

const contents = (sql: Sql, wanted: Wanted) =>
  isBeside(sql, wanted) ? sql`saved_contents c` : sql`shared_contents c`

/** Whether the content `c` is to be found: among one's own, or among what everybody may find besides. */
function isInScope(sql: Sql, userId: string, wanted: Wanted) {
  if (isBeside(sql, wanted)) return sql`c.user_id = ${userId}`
  return wanted.scope === 'mine' ? isOwn(sql, userId) : isFindable(sql, userId, wanted.least_savers)
}

const isOwn = (sql: Sql, userId: string) =>
  isSpread(sql)
    ? sql`c.id in (select s.shared_content_id from user_content_saves s where s.user_id = ${userId})`
    : sql`exists (select from user_content_saves s where s.user_id = ${userId} and s.shared_content_id = c.id)`

/** Whether a user may find the content `c`: as everybody may (sql/0010_sharing.sql), or as their own. */
const isFindable = (sql: Sql, userId: string, leastSavers: number) => sql`(
  (c.is_shareable and publicity(c.source_platform, c.save_count) >= ${leastSavers})
  or ${isOwn(sql, userId)}
)`

/** Contents by id, each with the caller's own save of it. */
export async function findResults(
  sql: Sql,
  userId: string,
  ids: string[],
): Promise<Map<string, Pick<SearchResult, 'save_id' | 'content'>>> {
  if (ids.length === 0) return new Map()
  const [contents, saves] = await together(
    sql`select ${contentColumns(sql)} from shared_contents c where c.id in ${sql(ids)}`,
    sql<(OwnWords & { id: string; shared_content_id: string })[]>`
      select id, shared_content_id, own_title, own_category
      from user_content_saves
      where user_id = ${userId} and shared_content_id in ${sql(ids)}`,
  )
  const own = new Map(saves.map(save => [save.shared_content_id, save]))
  const results = nestRows<Pick<SearchResult, 'content'>>(contents)
  return new Map(
    results.map(({ content }) => {
      const save = own.get(content.id)
      const shown = save ? withOwnWords(content, save) : content
      return [content.id, { save_id: save?.id ?? null, content: shown }]
    }),
  )
}
