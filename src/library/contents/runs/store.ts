// A run of the worker chain on a content. It writes only while its attempt is the current one, and tells whether what it
// has written is anything else than what readers had before: only then it is news to everybody who saved the content.
import type postgres from 'postgres'
import type { Sql } from '../../../database/connection.ts'
import type { Analysis } from '../../../models/models.ts'
import type { Status } from '../../../vocabulary.ts'
import type { Link } from '../../normalise-url.ts'
import type { Metadata, Validators } from '../../platforms/platform.ts'
import { contentTextOf } from '../content-text.ts'
import type { Attempt } from '../store.ts'

type Fragment = postgres.PendingQuery<postgres.Row[]>

/**
 * `other`: readers see something else now. `same`: they do not. Undefined: the attempt is no longer the current one, and
 * nothing was written.
 */
export type Written = 'other' | 'same' | undefined

/** An explicit reading anew of what several people have saved is done once in this time, however many ask. */
const READ_AGAIN = '1 hour'
/** A run takes less; one that has lost its job does not count. */
const UNDER_WAY = '15 minutes'
/** Of what FAILED, whoever saved it: the site may be back in a moment. */
const TRY_AGAIN = '1 minute'

/**
 * Whether somebody may have a content read anew now: not while a run is under way, and of what others have saved too, not
 * soon after the last time. The only one who has it may, as often as they like. To be asked with the content's lock.
 */
export async function mayReadAnew(sql: Sql, contentId: string): Promise<boolean> {
  const [content] = await sql<{ is_due: boolean }[]>`
    select case
        when (run_stage in ('queued', 'understanding', 'embedding') or status in ('PENDING', 'PROCESSING'))
          and coalesce(reread_at, created_at) > now() - ${UNDER_WAY}::interval then false
        when reread_at is null or save_count <= 1 then true
        when status = 'FAILED' then reread_at < now() - ${TRY_AGAIN}::interval
        else reread_at < now() - ${READ_AGAIN}::interval
      end as is_due
    from shared_contents
    where id = ${contentId}`
  return content?.is_due ?? false
}

/**
 * Starts a new run. What is READY stays so while it is read anew, since one user's wish must not take it out of
 * everybody's lists.
 */
export async function restart(sql: Sql, { content_id, attempt }: Attempt): Promise<Written> {
  const [restarted] = await sql<{ is_other: boolean }[]>`
    with before as (
      select id, status not in ('READY', 'PENDING') or error_message is not null as is_other
      from shared_contents
      where id = ${content_id}
      for no key update
    )
    update shared_contents c
    set attempt = ${attempt}, run_stage = 'queued', reread_at = now(), error_message = null,
      version = version + before.is_other::integer, status = case when status = 'READY' then status else 'PENDING' end
    from before
    where c.id = before.id
    returning before.is_other`
  return restarted && (restarted.is_other ? 'other' : 'same')
}

export interface PendingContent extends Attempt {
  external_id: string
  url: string
  source_platform: Link['source_platform']
  status: Status
  /** Of the page whose metadata is known; undefined when there is none. */
  validators: Validators | undefined
}

/** Those of `attempts` that are still current, with where to look. */
export async function findPending(sql: Sql, attempts: Attempt[]): Promise<PendingContent[]> {
  const rows = await sql<(Omit<PendingContent, 'validators'> & Validators & { is_known: boolean })[]>`
    select id as content_id, attempt, external_id, url, source_platform, status, page_etag as etag,
      page_last_modified as last_modified, coalesce(metadata_source <> 'note', false) as is_known
    from shared_contents
    where id in ${sql(attempts.map(({ content_id }) => content_id))}
      and attempt in ${sql(attempts.map(({ attempt }) => attempt))}`
  return rows.map(({ etag, last_modified, is_known, ...row }) => ({
    ...row,
    validators: is_known && (etag ?? last_modified) ? { etag, last_modified } : undefined,
  }))
}

/**
 * Writes what the platform says.
 * @param language that of the content's text: see `textLanguage`
 */
export async function writeMetadata(
  sql: Sql,
  of: Attempt,
  metadata: Metadata,
  language: string | null,
  { etag, last_modified }: Validators = { etag: null, last_modified: null },
): Promise<Written> {
  const text = contentTextOf(metadata)
  return write(
    sql,
    of,
    sql`
      ${goingOn(sql, 'understanding')}, title = ${metadata.title}, caption = ${metadata.caption},
      description = ${metadata.description}, author = ${metadata.author}, tags = ${sql.json(metadata.tags)},
      thumbnail_url = ${metadata.thumbnail_url}, duration_seconds = ${metadata.duration_seconds},
      language = ${metadata.language}, published_at = ${metadata.published_at}, transcript = ${metadata.transcript},
      metadata_source = ${metadata.metadata_source}, metadata_quality = ${metadata.metadata_quality},
      page_etag = ${etag}, page_last_modified = ${last_modified}, content_text = ${text},
      text_language = ${language}`,
    sql`
      ${isNoticed(sql)} or (title, caption, description, author, tags, thumbnail_url, duration_seconds, language,
        published_at, transcript, metadata_source, metadata_quality) is distinct from (
        ${metadata.title}::text, ${metadata.caption}::text, ${metadata.description}::text, ${metadata.author}::text,
        ${sql.json(metadata.tags)}::jsonb, ${metadata.thumbnail_url}::text, ${metadata.duration_seconds}::integer,
        ${metadata.language}::text, ${metadata.published_at}::timestamptz, ${metadata.transcript}::text,
        ${metadata.metadata_source}::text, ${metadata.metadata_quality}::text)`,
  )
}

/** The page has not changed: what is known of it stays, and the chain goes on. */
export async function keepMetadata(sql: Sql, of: Attempt): Promise<Written> {
  return write(sql, of, goingOn(sql, 'understanding'), isNoticed(sql))
}

/**
 * Marks a content as one of which only a note of somebody who saved it tells anything. The note itself is private
 * and is not written. What a platform once said of it stays: then nothing is written, and undefined is the answer.
 */
export async function writeNoteOnly(sql: Sql, of: Attempt): Promise<Written> {
  return write(
    sql,
    of,
    sql`${goingOn(sql, 'understanding')}, metadata_source = 'note', metadata_quality = 'minimal'`,
    sql`${isNoticed(sql)} or metadata_source is null`,
    sql`coalesce(metadata_source, 'note') = 'note'`,
  )
}

/** Writes what a model understood. */
export async function writeAnalysis(sql: Sql, of: Attempt, analysis: Analysis): Promise<Written> {
  return write(
    sql,
    of,
    sql`
      ${goingOn(sql, 'embedding')}, topic_main = ${analysis.topic_main}, category_high = ${analysis.category_high},
      subcategories = ${sql.json(analysis.subcategories)}, intent = ${analysis.intent},
      locations = ${sql.json(analysis.locations)}, entities = ${sql.json(analysis.entities)},
      visual_description = ${analysis.visual_description}, visual_tags = ${sql.json(analysis.visual_tags)},
      analysis_source = ${analysis.analysis_source}, analysis_model = ${analysis.analysis_model},
      analysis_prompt = ${analysis.analysis_prompt}, analysis_tokens_in = ${analysis.tokens_in},
      analysis_tokens_out = ${analysis.tokens_out}, analysis_cost_usd = ${analysis.cost_usd}`,
    sql`
      ${isNoticed(sql)} or (topic_main, category_high, subcategories, intent, locations, entities, visual_description,
        visual_tags, analysis_source) is distinct from (
        ${analysis.topic_main}::text, ${analysis.category_high}::text, ${sql.json(analysis.subcategories)}::jsonb,
        ${analysis.intent}::text, ${sql.json(analysis.locations)}::jsonb, ${sql.json(analysis.entities)}::jsonb,
        ${analysis.visual_description}::text, ${sql.json(analysis.visual_tags)}::jsonb,
        ${analysis.analysis_source}::text)`,
  )
}

/** The end of the chain. */
export async function markReady(sql: Sql, of: Attempt): Promise<Written> {
  return write(
    sql,
    of,
    sql`status = 'READY', run_stage = 'done', error_message = null`,
    sql`status <> 'READY' or error_message is not null`,
  )
}

/** A content that was READY stays so, with what was known of it: only its new run has failed. */
export async function markFailed(sql: Sql, of: Attempt, reason: string): Promise<Written> {
  return write(
    sql,
    of,
    sql`
      status = case when status = 'READY' then status else 'FAILED' end, run_stage = 'failed',
      error_message = ${reason}`,
    sql`status not in ('READY', 'FAILED') or error_message is distinct from ${reason}`,
  )
}

const goingOn = (sql: Sql, stage: 'understanding' | 'embedding') => sql`
  status = case when status = 'READY' then status else 'PROCESSING' end, run_stage = ${stage}, error_message = null`

/** Whether going on is something that readers see. */
const isNoticed = (sql: Sql) => sql`status not in ('READY', 'PROCESSING') or error_message is not null`

async function write(
  sql: Sql,
  { content_id, attempt }: Attempt,
  set: Fragment,
  isOther: Fragment,
  condition?: Fragment,
): Promise<Written> {
  const [written] = await sql<{ is_other: boolean }[]>`
    with before as (
      select id, (${isOther}) as is_other
      from shared_contents
      where id = ${content_id} and attempt = ${attempt} ${condition ? sql`and ${condition}` : sql``}
      for no key update
    )
    update shared_contents c
    set ${set}, version = version + before.is_other::integer,
      updated_at = case when before.is_other then now() else updated_at end
    from before
    where c.id = before.id
    returning before.is_other`
  return written && (written.is_other ? 'other' : 'same')
}
