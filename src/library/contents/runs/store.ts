// A run of the worker chain on a content. It writes only while its attempt is the current one, and tells whether what it
// has written is anything else than what readers had before: only then it is news to everybody who saved the content.
import type postgres from 'postgres'
import type { Sql } from '../../../ground/database/connection.ts'
import type { Analysis } from '../../../models/models.ts'
import type { Status } from '../../../vocabulary.ts'
import { copyToSavers, tellSavers } from '../../copies/store.ts'
import type { Link } from '../../links/normalise-url.ts'
import { contentTextOf } from '../content-text.ts'
import type { Metadata, Validators } from '../metadata.ts'
import type { Attempt } from '../store.ts'

type Fragment = postgres.PendingQuery<postgres.Row[]>

/**
 * `other`: readers see something else now. `same`: they do not. Undefined: the attempt is no longer the current one, and
 * nothing was written.
 */
export type Written = 'other' | 'same' | undefined

/** An explicit reading again of what several people have saved is done once in this time, however many ask. */
const READ_AGAIN = '1 hour'
/** A run takes less; one that has lost its job does not count. */
const UNDER_WAY = '15 minutes'
/** Of what FAILED, whoever saved it: the site may be back in a moment. */
const TRY_AGAIN = '1 minute'

/**
 * Whether somebody may have a content read again now: not while a run is under way, and of what others have saved too, not
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
 * Starts a new run. What is READY stays so while it is read again, since one user's wish must not take it out of
 * everybody's lists.
 */
export async function restart(sql: Sql, { content_id, attempt }: Attempt): Promise<Written> {
  const [restarted] = await sql<{ is_other: boolean; are_copies_old: boolean }[]>`
    with before as (
      select id, status, status not in ('READY', 'PENDING') or error_message is not null as is_other
      from shared_contents
      where id = ${content_id}
      for no key update
    )
    update shared_contents c
    set attempt = ${attempt}, run_stage = 'queued', reread_at = now(), error_message = null,
      version = version + before.is_other::integer,
      status = case when c.status = 'READY' then c.status else 'PENDING' end
    from before
    where c.id = before.id
    returning before.is_other, before.status <> c.status as are_copies_old`
  if (restarted?.are_copies_old) await tellSavers(sql, [content_id])
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
  return write(sql, of, {
    set: goingOn(sql, 'understanding'),
    isOther: isNoticed(sql),
    read: metadata,
    derived: {
      content_text: contentTextOf(metadata),
      text_language: language,
      page_etag: etag,
      page_last_modified: last_modified,
    },
  })
}

/** The page has not changed: what is known of it stays, and the chain goes on. */
export async function keepMetadata(sql: Sql, of: Attempt): Promise<Written> {
  return write(sql, of, { set: goingOn(sql, 'understanding'), isOther: isNoticed(sql) })
}

/**
 * Marks a content as one of which only a note of somebody who saved it tells anything. The note itself is private
 * and is not written. What a platform once said of it stays: then nothing is written, and undefined is the answer.
 */
export async function writeNoteOnly(sql: Sql, of: Attempt): Promise<Written> {
  return write(sql, of, {
    set: sql`${goingOn(sql, 'understanding')}, metadata_source = 'note', metadata_quality = 'minimal'`,
    isOther: sql`${isNoticed(sql)} or c.metadata_source is null`,
    condition: sql`coalesce(c.metadata_source, 'note') = 'note'`,
  })
}

/** Writes what a model understood. */
export async function writeAnalysis(sql: Sql, of: Attempt, analysis: Analysis): Promise<Written> {
  const { analysis_model, analysis_prompt, tokens_in, tokens_out, cost_usd, ...read } = analysis
  return write(sql, of, {
    set: goingOn(sql, 'embedding'),
    isOther: isNoticed(sql),
    read,
    derived: {
      ...{ analysis_model, analysis_prompt, analysis_tokens_in: tokens_in, analysis_tokens_out: tokens_out },
      analysis_cost_usd: cost_usd,
    },
  })
}

/** The end of the chain. */
export async function markReady(sql: Sql, of: Attempt): Promise<Written> {
  return write(sql, of, {
    set: sql`status = 'READY', run_stage = 'done', error_message = null`,
    isOther: sql`c.status <> 'READY' or c.error_message is not null`,
  })
}

/** A content that was READY stays so, with what was known of it: only its new run has failed. */
export async function markFailed(sql: Sql, of: Attempt, reason: string): Promise<Written> {
  return write(sql, of, {
    set: sql`
      status = case when c.status = 'READY' then c.status else 'FAILED' end, run_stage = 'failed',
      error_message = ${reason}`,
    isOther: sql`c.status not in ('READY', 'FAILED') or c.error_message is distinct from ${reason}`,
  })
}

const goingOn = (sql: Sql, stage: 'understanding' | 'embedding') => sql`
  status = case when c.status = 'READY' then c.status else 'PROCESSING' end, run_stage = ${stage}, error_message = null`

/** Whether going on is something that readers see. */
const isNoticed = (sql: Sql) => sql`c.status not in ('READY', 'PROCESSING') or c.error_message is not null`

interface Change {
  set: Fragment
  /** Whether readers see it. A difference in what was `read` they do. */
  isOther: Fragment
  /** Columns with what a platform or a model says. */
  read?: object
  /** Columns that follow from it, or that nobody sees. */
  derived?: object
  condition?: Fragment
}

async function write(
  sql: Sql,
  { content_id, attempt }: Attempt,
  { set, isOther, read = {}, derived = {}, condition }: Change,
): Promise<Written> {
  const values = { ...read, ...derived }
  const [columns, compared] = [Object.keys(values), Object.keys(read)]
  const none = sql``
  // All values are one parameter: of forty, each named twice, the driver made half a millisecond of work.
  const [written] = await sql<{ is_other: boolean; are_copies_old: boolean }[]>`
    with said as materialized (
      select ${columns.length > 0 ? names(sql, columns) : none}
      from jsonb_populate_record(null::shared_contents, ${sql.json(values as postgres.JSONValue)})
    ), before as (
      select c.id, c.status, c.category_high, c.title, c.topic_main, now() as at, ${isOther}
        ${compared.length > 0 ? sql`or (${names(sql, compared, 'c')}) is distinct from (${names(sql, compared, 'said')})` : none}
        as is_other
      from shared_contents c cross join said
      where c.id = ${content_id} and c.attempt = ${attempt} ${condition ? sql`and ${condition}` : none}
      for no key update of c
    )
    update shared_contents c
    set ${set}, version = c.version + before.is_other::integer,
      updated_at = case when before.is_other then before.at else c.updated_at end
      ${columns.length > 0 ? sql`, (${names(sql, columns)}) = row(${names(sql, columns, 'said')})` : none}
    from before cross join said
    where c.id = before.id
    returning before.is_other, (before.status, before.category_high, before.title, before.topic_main)
      is distinct from (c.status, c.category_high, c.title, c.topic_main) as are_copies_old`
  if (written?.are_copies_old) await tellSavers(sql, [content_id])
  else if (written?.is_other) await copyToSavers(sql, content_id)
  return written && (written.is_other ? 'other' : 'same')
}

/** A fragment of its own: after `set` the driver would write assignments. */
const names = (sql: Sql, columns: string[], table?: string) =>
  sql`${sql(table ? columns.map(name => `${table}.${name}`) : columns)}`
