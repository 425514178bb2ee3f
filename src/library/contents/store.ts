// Contents are shared: one row a link. The worker chain writes here, and only while its attempt is the current one.
import { v7 as uuidv7 } from 'uuid'
import type { Sql } from '../../ground/database/connection.ts'
import type { Analysis } from '../../models/models.ts'
import type { PlatformName } from '../../vocabulary.ts'
import { type Copies, copiedColumns } from '../copies/store.ts'
import { nestRows } from '../items/nest-row.ts'
import { type OwnWords, withOwnWords } from '../items/own-words.ts'
import type { Link } from '../links/normalise-url.ts'
import { lockLinks } from '../links/store.ts'
import { saysSomething } from './says-something.ts'
import type { Content } from './schema.ts'

/** Names a run of the worker chain on a content. What an older run has in hand is dropped. */
export interface Attempt {
  content_id: string
  attempt: string
}

/**
 * Where Trove itself shows the picture of a content; null when it has none.
 * @param content what shared_contents is called in the statement
 */
export const thumbnailPath = (sql: Sql, content: string) =>
  sql`'/v1/thumbnails/' || ${sql(`${content}.id`)} || '/' || md5(${sql(`${content}.thumbnail_url`)})`

/**
 * The columns of a content in a list, for `select`; `c` is shared_contents.
 * @param isSaved whether it is joined with a user's save `s`, whose own words win
 */
export const contentColumns = (sql: Sql, isSaved = false) => sql`
  c.id as "content.id", c.url as "content.url", c.source_platform as "content.source_platform",
  c.status as "content.status", c.caption as "content.caption",
  ${isSaved ? sql`coalesce(s.own_title, c.title)` : sql`c.title`} as "content.title",
  c.author as "content.author", c.thumbnail_url as "content.thumbnail_url",
  ${thumbnailPath(sql, 'c')} as "content.thumbnail_path",
  c.duration_seconds as "content.duration_seconds",
  ${isSaved ? sql`coalesce(s.own_category, c.category_high)` : sql`c.category_high`} as "content.category_high",
  c.topic_main as "content.topic_main", c.subcategories as "content.subcategories",
  c.locations as "content.locations", c.intent as "content.intent", c.save_count as "content.save_count",
  c.created_at as "content.created_at"`

/** The further columns of a content that is shown by itself. */
export const contentDetailColumns = (sql: Sql, isSaved = false) => sql`
  ${contentColumns(sql, isSaved)}, c.description as "content.description", c.content_text as "content.content_text",
  c.tags as "content.tags", c.entities as "content.entities", c.language as "content.language",
  c.published_at as "content.published_at", c.visual_description as "content.visual_description",
  c.visual_tags as "content.visual_tags", c.metadata_source as "content.metadata_source",
  c.metadata_quality as "content.metadata_quality", c.analysis_source as "content.analysis_source",
  c.error_message as "content.error_message", c.version as "content.version", c.updated_at as "content.updated_at"`

export interface CountedContent extends Copies {
  id: string
  source_platform: PlatformName
  attempt: string
  /** Whether this save is the one that must send the job. */
  starts: boolean
  /** Whether others have it who must be told that it starts (`tellSavers`). */
  restarts: boolean
}

/**
 * Finds or makes the contents that links lead to, and counts one more save of each. Any number of people may save one link
 * at once: first all links are locked, then all contents, each in one order. To be asked before anything else is locked.
 * @param links no key twice
 * @returns in the order of `links`
 */
export async function countSaves(
  sql: Sql,
  links: { link: Link; is_shareable: boolean }[],
): Promise<CountedContent[]> {
  const keys = links.map(({ link: { url_hash } }) => ({ url_hash, content_id: uuidv7() }))
  const contentOf = await lockLinks(sql, keys)
  const found = links.map((link, at) => ({ ...link, at, id: contentOf.get(link.link.url_hash)! }))
  const counted: CountedContent[] = []
  for (const { at, id, link, is_shareable } of found.sort((a, b) => a.id.localeCompare(b.id))) {
    counted[at] = await countSave(sql, id, link, is_shareable)
  }
  return counted
}

/**
 * Counts one more save of a content, or makes it. One that FAILED starts again, at the address that was pasted now when
 * that is another spelling of its own: it may be the one that its site knows.
 * @param isShareable of `link`, whose address is not always the one that is kept
 */
async function countSave(sql: Sql, id: string, link: Link, isShareable: boolean): Promise<CountedContent> {
  const attempt = uuidv7()
  const isRespelled = sql`(c.status = 'FAILED' and c.url_hash = excluded.url_hash and c.url <> excluded.url)`
  const [content] = await sql<(Omit<CountedContent, 'starts' | 'restarts'> & { save_count: number })[]>`
    insert into shared_contents as c (id, url, url_hash, source_platform, external_id, is_shareable, attempt, save_count)
    values (${id}, ${link.url}, ${link.url_hash}, ${link.source_platform}, ${link.external_id}, ${isShareable}, ${attempt}, 1)
    on conflict (id) do update set
      save_count = c.save_count + 1, unsaved_since = null,
      is_shareable = case when ${isRespelled} or c.url = excluded.url then excluded.is_shareable else c.is_shareable end,
      url = case when ${isRespelled} then excluded.url else c.url end,
      page_etag = case when ${isRespelled} then null else c.page_etag end,
      page_last_modified = case when ${isRespelled} then null else c.page_last_modified end,
      attempt = case when c.status = 'FAILED' then excluded.attempt else c.attempt end,
      error_message = case when c.status = 'FAILED' then null else c.error_message end,
      version = case when c.status = 'FAILED' then c.version + 1 else c.version end,
      run_stage = case when c.status = 'FAILED' then 'queued' else c.run_stage end,
      status = case when c.status = 'FAILED' then 'PENDING' else c.status end
    returning id, source_platform, attempt, save_count, ${copiedColumns(sql)}`
  const { save_count, ...counted } = content!
  const starts = counted.attempt === attempt
  return { ...counted, starts, restarts: starts && save_count > 1 }
}

/**
 * Counts one more save of a content that somebody saved before, and locks it. Undefined where it is no more.
 */
export async function countAgain(
  sql: Sql,
  contentId: string,
): Promise<(Copies & Pick<CountedContent, 'id' | 'attempt'>) | undefined> {
  const [content] = await sql<(Copies & Pick<CountedContent, 'id' | 'attempt'>)[]>`
    update shared_contents
    set save_count = save_count + 1, unsaved_since = null
    where id = ${contentId}
    returning id, attempt, ${copiedColumns(sql)}`
  return content
}

/** Takes one save off the count; from the last one on, the content is nobody's. */
export async function uncountSave(sql: Sql, contentId: string): Promise<void> {
  await sql`
    update shared_contents
    set save_count = save_count - 1, unsaved_since = case when save_count = 1 then ${new Date()}::timestamptz end
    where id = ${contentId}`
}

/** What the models read of a content. */
export interface ReadableContent extends Attempt {
  title: string | null
  caption: string | null
  description: string | null
  author: string | null
  tags: string[]
  topic_main: string | null
  category_high: Analysis['category_high'] | null
  subcategories: string[]
  /** Null until it is understood. */
  analysis_source: Analysis['analysis_source'] | null
  transcript: string | null
  thumbnail_url: string | null
  /** `note`: nothing is known of it but what somebody who saved it wrote for themselves. */
  metadata_source: string | null
  /** Equal for contents that the same people have saved; of its own for one that nobody has, or very many. */
  audience: string
}

/** Before every id. */
const NOTHING = '00000000-0000-0000-0000-000000000000'

/** More people than that are not compared: what so many have goes by itself. */
const LARGEST_AUDIENCE = 100

/** Those of `attempts` that are still current, with their text. */
export async function findReadable(sql: Sql, attempts: Attempt[]): Promise<ReadableContent[]> {
  const contents = await sql<(Omit<ReadableContent, 'audience'> & { save_count: number })[]>`
    select id as content_id, attempt, title, caption, description, author, tags, topic_main, category_high, subcategories,
      analysis_source, transcript, thumbnail_url, metadata_source, save_count
    from shared_contents
    where id in ${sql(attempts.map(({ content_id }) => content_id))}
      and attempt in ${sql(attempts.map(({ attempt }) => attempt))}`
  const comparable = contents.filter(({ save_count }) => save_count <= LARGEST_AUDIENCE)
  const saversOf = await findSavers(
    sql,
    comparable.map(({ content_id }) => content_id),
  )
  return contents.map(({ save_count: _, ...content }) => {
    const { content_id } = content
    return { ...content, audience: saversOf.get(content_id)?.join(' ') ?? content_id }
  })
}

/** Who saved these contents, by content, in the order of their ids. */
async function findSavers(sql: Sql, contentIds: string[]): Promise<Map<string, string[]>> {
  if (contentIds.length === 0) return new Map()
  const saves = await sql<{ user_id: string; content_id: string }[]>`
    select user_id, shared_content_id as content_id
    from user_content_saves
    where shared_content_id in ${sql(contentIds)}
    order by user_id`
  const savers = Map.groupBy(saves, ({ content_id }) => content_id)
  return new Map([...savers].map(([id, of]) => [id, of.map(({ user_id }) => user_id)]))
}

/** Notes that are looked at: the earliest ones. */
const NOTES_READ = 100

/**
 * The earliest note on a content that says something. It is private: it may be read to choose a category and an
 * intent, and neither it nor words of it are ever written to a content.
 */
export async function findNote(sql: Sql, contentId: string): Promise<string | undefined> {
  const notes = await sql<{ note: string }[]>`
    select raw_share_text as note
    from user_content_saves
    where shared_content_id = ${contentId} and raw_share_text is not null
    order by created_at, id
    limit ${NOTES_READ}`
  return notes.find(({ note }) => saysSomething(note))?.note
}

const CONTENTS_A_FETCH = 100

/** What a user sees of all that they saved, some at a time. To be asked in a snapshot. */
export async function* listSavedContents(sql: Sql, userId: string): AsyncGenerator<object[]> {
  for (let after = NOTHING; ; ) {
    const saves = await sql<(OwnWords & { content_id: string })[]>`
      select shared_content_id as content_id, own_title, own_category
      from user_content_saves
      where user_id = ${userId} and shared_content_id > ${after}
      order by shared_content_id
      limit ${CONTENTS_A_FETCH}`
    if (saves.length === 0) return
    // From where contents lie, not from the copies beside saves, which have less.
    const rows = await sql`
      select ${contentDetailColumns(sql)}
      from shared_contents c
      where c.id in ${sql(saves.map(({ content_id }) => content_id))}
      order by c.id`
    const wordsOf = new Map(saves.map(save => [save.content_id, save]))
    yield nestRows<{ content: Content }>(rows).map(({ content }) =>
      withOwnWords(content, wordsOf.get(content.id)!),
    )
    after = saves.at(-1)!.content_id
  }
}
