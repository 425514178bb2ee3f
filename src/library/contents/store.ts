// Contents are shared: one row a link. The worker chain writes here, and only while its attempt is the current one.
import type { Sql } from '../../database/connection.ts'
import type { Analysis } from '../../models/models.ts'
import type { Status } from '../../vocabulary.ts'
import type { Link } from '../normalise-url.ts'
import type { Metadata, Validators } from '../platforms/platform.ts'
import { saysSomething } from './says-something.ts'

/** Names a run of the worker chain on a content. What an older run has in hand is dropped. */
export interface Attempt {
  content_id: string
  attempt: string
}

/** The columns of a content in a list, for `select`; `c` is shared_contents. */
export const contentColumns = (sql: Sql) => sql`
  c.id as "content.id", c.url as "content.url", c.source_platform as "content.source_platform",
  c.status as "content.status", c.title as "content.title", c.caption as "content.caption",
  c.author as "content.author", c.thumbnail_url as "content.thumbnail_url",
  c.duration_seconds as "content.duration_seconds", c.category_high as "content.category_high",
  c.topic_main as "content.topic_main", c.subcategories as "content.subcategories",
  c.locations as "content.locations", c.intent as "content.intent", c.save_count as "content.save_count",
  c.created_at as "content.created_at"`

/** The further columns of a content that is shown by itself. */
export const contentDetailColumns = (sql: Sql) => sql`
  ${contentColumns(sql)}, c.description as "content.description", c.content_text as "content.content_text",
  c.tags as "content.tags", c.entities as "content.entities", c.language as "content.language",
  c.published_at as "content.published_at", c.visual_description as "content.visual_description",
  c.visual_tags as "content.visual_tags", c.metadata_source as "content.metadata_source",
  c.metadata_quality as "content.metadata_quality", c.analysis_source as "content.analysis_source",
  c.error_message as "content.error_message", c.version as "content.version", c.updated_at as "content.updated_at"`

/**
 * Finds or makes the content of `link` and counts one more save of it, in one statement, so that any number of
 * people may save one link at once. A content that FAILED starts anew with `attempt`.
 * @returns `starts`: whether this save is the one that must send the job.
 */
export async function countSave(
  sql: Sql,
  id: string,
  attempt: string,
  link: Link,
): Promise<{ id: string; status: Status; attempt: string; starts: boolean }> {
  const [content] = await sql<{ id: string; status: Status; attempt: string }[]>`
    insert into shared_contents as c (id, url, url_hash, source_platform, external_id, attempt, save_count)
    values (${id}, ${link.url}, ${link.url_hash}, ${link.source_platform}, ${link.external_id}, ${attempt}, 1)
    on conflict (url_hash) do update set
      save_count = c.save_count + 1,
      attempt = case when c.status = 'FAILED' then excluded.attempt else c.attempt end,
      error_message = case when c.status = 'FAILED' then null else c.error_message end,
      version = case when c.status = 'FAILED' then c.version + 1 else c.version end,
      status = case when c.status = 'FAILED' then 'PENDING' else c.status end
    returning id, status, attempt`
  return { ...content!, starts: content!.attempt === attempt }
}

/**
 * Starts a new run of the worker chain on a content. What is READY stays so while it is read anew, since one
 * user's wish must not take it out of everybody's lists.
 */
export async function restart(sql: Sql, { content_id, attempt }: Attempt): Promise<void> {
  await sql`
    update shared_contents
    set attempt = ${attempt}, error_message = null, version = version + 1,
      status = case when status = 'READY' then status else 'PENDING' end
    where id = ${content_id}`
}

/** Takes one save off the count. */
export async function uncountSave(sql: Sql, contentId: string): Promise<void> {
  await sql`
    update shared_contents
    set save_count = save_count - 1
    where id = ${contentId}`
}

export interface PendingContent extends Attempt {
  external_id: string
  url: string
  source_platform: Link['source_platform']
  /** Of the page whose metadata is known; undefined when there is none. */
  validators: Validators | undefined
}

/** Those of `attempts` that are still current, with where to look. */
export async function findPending(sql: Sql, attempts: Attempt[]): Promise<PendingContent[]> {
  const rows = await sql<(Omit<PendingContent, 'validators'> & Validators & { is_known: boolean })[]>`
    select id as content_id, attempt, external_id, url, source_platform, page_etag as etag,
      page_last_modified as last_modified, coalesce(metadata_source <> 'note', false) as is_known
    from shared_contents
    where id in ${sql(attempts.map(({ content_id }) => content_id))}
      and attempt in ${sql(attempts.map(({ attempt }) => attempt))}`
  return rows.map(({ etag, last_modified, is_known, ...row }) => ({
    ...row,
    validators: is_known && (etag ?? last_modified) ? { etag, last_modified } : undefined,
  }))
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
  transcript: string | null
  thumbnail_url: string | null
  /** `note`: nothing is known of it but what somebody who saved it wrote for themselves. */
  metadata_source: string | null
}

/** Those of `attempts` that are still current, with their text. */
export async function findReadable(sql: Sql, attempts: Attempt[]): Promise<ReadableContent[]> {
  return sql<ReadableContent[]>`
    select id as content_id, attempt, title, caption, description, author, tags, topic_main, category_high, subcategories,
      transcript, thumbnail_url, metadata_source
    from shared_contents
    where id in ${sql(attempts.map(({ content_id }) => content_id))}
      and attempt in ${sql(attempts.map(({ attempt }) => attempt))}`
}

/** How much of a transcript goes into content_text. */
const TRANSCRIPT_START = 2000

/** Each of these returns whether the attempt was still the current one: if not, nothing was written. */
export async function writeMetadata(
  sql: Sql,
  of: Attempt,
  metadata: Metadata,
  { etag, last_modified }: Validators = { etag: null, last_modified: null },
): Promise<boolean> {
  const said = metadata.transcript?.slice(0, TRANSCRIPT_START).replace(/\p{Cs}$/u, '')
  const text = [metadata.title, metadata.caption, metadata.description, said].filter(Boolean).join('\n')
  const changed = await sql`
    update shared_contents set
      status = case when status = 'READY' then status else 'PROCESSING' end, error_message = null,
      title = ${metadata.title}, caption = ${metadata.caption},
      description = ${metadata.description}, author = ${metadata.author}, tags = ${sql.json(metadata.tags)},
      thumbnail_url = ${metadata.thumbnail_url}, duration_seconds = ${metadata.duration_seconds},
      language = ${metadata.language}, published_at = ${metadata.published_at}, transcript = ${metadata.transcript},
      metadata_source = ${metadata.metadata_source}, metadata_quality = ${metadata.metadata_quality},
      page_etag = ${etag}, page_last_modified = ${last_modified},
      content_text = ${text}, version = version + 1, updated_at = now()
    where id = ${of.content_id} and attempt = ${of.attempt}
    returning id`
  return changed.length === 1
}

/** The page has not changed: what is known of it stays, and the chain goes on. */
export async function keepMetadata(sql: Sql, of: Attempt): Promise<boolean> {
  const kept = await sql`
    update shared_contents
    set status = case when status = 'READY' then status else 'PROCESSING' end, error_message = null
    where id = ${of.content_id} and attempt = ${of.attempt}
    returning id`
  return kept.length === 1
}

/**
 * Marks a content as one of which only a note of somebody who saved it tells anything. The note itself is private
 * and is not written. What a platform once said of it stays: then nothing is written, and false is the answer.
 */
export async function writeNoteOnly(sql: Sql, of: Attempt): Promise<boolean> {
  const changed = await sql`
    update shared_contents
    set status = case when status = 'READY' then status else 'PROCESSING' end, error_message = null,
      metadata_source = 'note', metadata_quality = 'minimal', version = version + 1, updated_at = now()
    where id = ${of.content_id} and attempt = ${of.attempt} and coalesce(metadata_source, 'note') = 'note'
    returning id`
  return changed.length === 1
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

export async function writeAnalysis(sql: Sql, of: Attempt, analysis: Analysis): Promise<boolean> {
  const changed = await sql`
    update shared_contents set
      status = case when status = 'READY' then status else 'PROCESSING' end, error_message = null,
      topic_main = ${analysis.topic_main}, category_high = ${analysis.category_high},
      subcategories = ${sql.json(analysis.subcategories)}, intent = ${analysis.intent},
      locations = ${sql.json(analysis.locations)}, entities = ${sql.json(analysis.entities)},
      visual_description = ${analysis.visual_description}, visual_tags = ${sql.json(analysis.visual_tags)},
      analysis_source = ${analysis.analysis_source}, analysis_model = ${analysis.analysis_model},
      analysis_prompt = ${analysis.analysis_prompt}, analysis_tokens_in = ${analysis.tokens_in},
      analysis_tokens_out = ${analysis.tokens_out}, analysis_cost_usd = ${analysis.cost_usd},
      version = version + 1, updated_at = now()
    where id = ${of.content_id} and attempt = ${of.attempt}
    returning id`
  return changed.length === 1
}

export async function markReady(sql: Sql, of: Attempt): Promise<boolean> {
  const changed = await sql`
    update shared_contents
    set status = 'READY', error_message = null, version = version + 1, updated_at = now()
    where id = ${of.content_id} and attempt = ${of.attempt}
    returning id`
  return changed.length === 1
}

/** A content that was READY stays so, with what was known of it: only its new run has failed. */
export async function markFailed(sql: Sql, of: Attempt, reason: string): Promise<boolean> {
  const changed = await sql`
    update shared_contents
    set status = case when status = 'READY' then status else 'FAILED' end, error_message = ${reason}, version = version + 1, updated_at = now()
    where id = ${of.content_id} and attempt = ${of.attempt}
    returning id`
  return changed.length === 1
}
