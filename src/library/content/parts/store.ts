// What a listing is put together from: saves and works, the owner's and other people's. Each part is cut into ranges that
// an index has in the order of the list, so that no part gives more rows than a page shows.
import type postgres from 'postgres'
import type { Sql } from '../../../ground/database/connection.ts'
import { STATUSES } from '../../../vocabulary.ts'
import { type Filters, type Listing, SOURCE_TYPES, type SortField, type SourceType } from '../listing.ts'
import { contentOfAnySave } from '../rows/store.ts'

export type Fragment = postgres.PendingQuery<postgres.Row[]>

export interface Part {
  kind: 'save' | 'work'
  /** `s` or `w`. */
  table: string
  from: Fragment
  /** Which of its rows belong to the listing. */
  where: Fragment
  /** What the listing is sorted by. */
  key: Fragment
  /** What is null where the key is: an index may know it. */
  tested: Fragment
  /** Its rows that have a key, by the ranges that the index of that order has. */
  ranges: Fragment[]
  /** Those without one, which come last: none where all have one. Each is a range in the order of `emptyOrder`. */
  empty: Fragment[]
  emptyOrder: 'key, id' | 'id'
}

/** The parts that a listing has. One that its filters leave nothing of is not among them. */
export function partsOf(sql: Sql, listing: Listing): Part[] {
  const { owner, filters } = listing
  const sourcesOf = (who: 'user' | 'community') =>
    SOURCE_TYPES.filter(source => listing.sources.includes(`${who}-${source}`))
  const mine = sourcesOf('user')
  const others = sourcesOf('community')
  const { creator_id } = filters
  return [
    ...(creator_id === undefined || creator_id === owner
      ? [ownSaves(sql, listing, mine), ownWorks(sql, listing, mine)]
      : []),
    ...(creator_id === owner ? [] : [publicSaves(sql, listing, others), publicWorks(sql, listing, others)]),
  ].filter(part => part !== undefined)
}

/** A work alone has what these ask for. */
const isOfWorks = ({ content_type, character_id, is_approved, metadata }: Filters) =>
  (content_type !== undefined && content_type !== 'link') ||
  character_id !== undefined ||
  is_approved === true ||
  metadata !== undefined

type Keys = Record<Exclude<SortField, 'user_rating'>, string>
const SAVE_KEYS: Keys = {
  created_at: 's.created_at',
  updated_at: 's.updated_at',
  title: 's.title_key',
  quality_score: 's.quality_score',
}
const WORK_KEYS: Keys = {
  created_at: 'w.created_at',
  updated_at: 'w.updated_at',
  title: 'w.title_key',
  quality_score: 'w.quality_score',
}
/** Of other people's saves the page's own title: theirs is nobody else's. Mostly it is the same, and its key is there. */
const PUBLIC_SAVE_KEYS: Keys = {
  ...SAVE_KEYS,
  title: 'case when s.title = c.title then s.title_key else title_order(c.title) collate "C" end',
}

const byStatus = (sql: Sql) => STATUSES.map(status => sql`s.status = ${status} and s.is_archived = false`)

function ownSaves(sql: Sql, listing: Listing, sources: SourceType[]): Part | undefined {
  const { owner, filters, sort_field } = listing
  if (!sources.includes('regular') || isOfWorks(filters)) return undefined
  const where = sql`s.user_id = ${owner} and s.is_archived = false
    ${filters.public_only ? sql`and s.is_public` : sql``} ${hasQuality(sql, filters, 's')}
    ${filters.search_term ? sql`and ${found(sql, 's.search_text', filters.search_term)} and ${found(sql, 'folded(s.title)', filters.search_term)}` : sql``}
    ${hasTags(sql, filters, 's', sql`user_id = ${owner}`)}`
  const all = [sql`true`]
  const indexed = sort_field === 'quality_score' ? all : byStatus(sql)
  return {
    ...sorted(sql, listing, { kind: 'save', table: 's', from: sql`user_content_saves s`, where }, SAVE_KEYS),
    ...(sort_field === 'user_rating' ? {} : { ranges: indexed }),
    ...(sort_field === 'title' ? { empty: indexed } : {}),
    emptyOrder: sort_field === 'title' ? 'key, id' : 'id',
  }
}

function publicSaves(sql: Sql, listing: Listing, sources: SourceType[]): Part | undefined {
  const { filters, sort_field } = listing
  if (!sources.includes('regular') || isOfWorks(filters)) return undefined
  const readsContent = sort_field === 'title' || filters.search_term
  const from = readsContent
    ? sql`user_content_saves s join ${contentOfAnySave(sql)}`
    : sql`user_content_saves s`
  const where = sql`s.is_public and not s.is_archived and ${ofOthers(sql, listing, 's')}
    ${hasQuality(sql, filters, 's')}
    ${filters.search_term ? sql`and ${found(sql, 'folded(c.title)', filters.search_term)}` : sql``}
    ${hasTags(sql, filters, 's', sql`source = 'user'`)}`
  const part = sorted(sql, listing, { kind: 'save', table: 's', from, where }, PUBLIC_SAVE_KEYS)
  return sort_field === 'title' ? { ...part, tested: sql`c.title` } : part
}

function ownWorks(sql: Sql, listing: Listing, sources: SourceType[]): Part | undefined {
  const { owner, filters, sort_field } = listing
  if (sources.length === 0) return undefined
  const where = sql`w.user_id = ${owner} and w.source_type in ${sql(sources)}
    ${filters.public_only ? sql`and w.is_public` : sql``} ${isSuchWork(sql, filters)}
    ${hasTags(sql, filters, 'w', sql`user_id = ${owner}`)}`
  const indexed = sources.map(source => sql`w.source_type = ${source}`)
  return {
    ...sorted(sql, listing, { kind: 'work', table: 'w', from: sql`works w`, where }, WORK_KEYS),
    ...indexedWorks(sort_field, indexed),
  }
}

function publicWorks(sql: Sql, listing: Listing, sources: SourceType[]): Part | undefined {
  const { filters, sort_field } = listing
  if (sources.length === 0) return undefined
  const where = sql`w.is_public and w.source_type in ${sql(sources)} and ${ofOthers(sql, listing, 'w')}
    ${filters.is_nsfw ? sql`` : sql`and w.is_nsfw = false`} ${isSuchWork(sql, filters)}
    ${hasTags(sql, filters, 'w', sql`source = 'user'`)}`
  const shown = filters.is_nsfw ? [false, true] : [false]
  const indexed = sources.flatMap(source =>
    shown.map(is_nsfw => sql`w.source_type = ${source} and w.is_nsfw = ${is_nsfw}`),
  )
  return {
    ...sorted(sql, listing, { kind: 'work', table: 'w', from: sql`works w`, where }, WORK_KEYS),
    ...indexedWorks(sort_field, indexed),
  }
}

/** The ranges of works that an index of its own has for each order but that of ratings. */
function indexedWorks(sort_field: SortField, ranges: Fragment[]): Partial<Part> {
  if (sort_field === 'user_rating') return {}
  return sort_field === 'quality_score' ? { ranges, empty: ranges, emptyOrder: 'key, id' } : { ranges }
}

/** A part in the order of the listing, as one range. By rating: what the viewer has rated, then the rest. */
function sorted(
  sql: Sql,
  { viewer, sort_field }: Listing,
  { kind, table, from, where }: Pick<Part, 'kind' | 'table' | 'from' | 'where'>,
  keys: Keys,
): Part {
  const part = { kind, table, where, ranges: [sql`true`], emptyOrder: 'id' as const }
  if (sort_field !== 'user_rating') {
    const mayBeEmpty = sort_field === 'quality_score' || (sort_field === 'title' && kind === 'save')
    const key = sql`${sql.unsafe(keys[sort_field])}`
    return { ...part, from, key, tested: key, empty: mayBeEmpty ? [sql`true`] : [] }
  }
  return {
    ...part,
    from: sql`${from} left join content_ratings r on r.user_id = ${viewer} and r.content_id = ${sql(`${table}.id`)}`,
    key: sql`r.rating`,
    tested: sql`r.rating`,
    empty: [sql`true`],
  }
}

const ofOthers = (sql: Sql, { owner, filters: { creator_id } }: Listing, table: string) =>
  creator_id === undefined
    ? sql`${sql(`${table}.user_id`)} <> ${owner}`
    : sql`${sql(`${table}.user_id`)} = ${creator_id}`

const hasQuality = (sql: Sql, { min_quality_score }: Filters, table: string) =>
  min_quality_score === undefined ? sql`` : sql`and ${sql(`${table}.quality_score`)} >= ${min_quality_score}`

const isSuchWork = (sql: Sql, filters: Filters) => sql`
  ${filters.content_type ? sql`and w.content_type = ${filters.content_type}` : sql``}
  ${filters.character_id ? sql`and w.character_id = ${filters.character_id}` : sql``}
  ${filters.is_approved === undefined ? sql`` : sql`and w.is_approved = ${filters.is_approved}`}
  ${hasQuality(sql, filters, 'w')}
  ${filters.metadata ? sql`and w.generation_settings @> ${sql.json(filters.metadata as never)}` : sql``}
  ${filters.search_term ? sql`and ${found(sql, 'folded(w.title)', filters.search_term)}` : sql``}`

/** Whether a folded text holds what is searched for, of which no character means something else. */
const found = (sql: Sql, text: string, search: string) => sql`
  ${sql.unsafe(text)} like '%' || regexp_replace(folded(${search}), '([\\\\%_])', '\\\\\\1', 'g') || '%'`

/** Goes from the tags to what has them. */
function hasTags(sql: Sql, { tags, tag_match }: Filters, table: 's' | 'w', rows: Fragment): Fragment {
  if (tags.length === 0) return sql``
  const [of, id] = table === 's' ? ['save_tags', 'save_id'] : ['work_tags', 'work_id']
  const keys = sql`select folded(x) from jsonb_array_elements_text(${sql.json(tags)}) x`
  return sql`and (${sql(`${table}.user_id`)}, ${sql(`${table}.id`)}) in (
    select x.user_id, x.id
    from (select user_id, ${sql(id!)} as id, tag_id from ${sql(of!)} where ${rows}) x
    join tags t on t.id = x.tag_id
    where t.name_key in (${keys})
    group by x.user_id, x.id
    ${tag_match === 'all' ? sql`having count(distinct t.name_key) = (select count(distinct k) from (${keys}) x (k))` : sql``}
  )`
}
