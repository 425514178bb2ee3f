// Links that lead to one content: short ones, and those of pages that have moved. docs/decisions/0019-links.md.
import type { Sql } from '../../ground/database/connection.ts'
import type { Status } from '../../vocabulary.ts'
import { joinBookmarks } from '../collections/bookmarks/store.ts'
import { copyToSavers, dropCopies, type Kind, recountSave, tellSavers } from '../copies/store.ts'
import { deleteSave, leaveCluster, lockSave } from '../items/store.ts'
import type { Link } from '../links/normalise-url.ts'
import { leadLinks, lockLinks } from '../links/store.ts'
import { joinTags } from '../tags/on-saves/store.ts'
import { moveTrashed } from '../trash/store.ts'
import type { Attempt } from './store.ts'

const LONGEST_NOTE = 500
const RUN_AT = { READY: 'found', FAILED: 'taken_over', PENDING: 'awaited', PROCESSING: 'awaited' } as const

export interface Destination {
  /** The content that `link` is. */
  content_id: string
  /**
   * `here`: the run's own, which goes on. Of another content, `taken_over`: the run goes on there; `found`: it is READY, and
   * the run has ended; `awaited`: a run of its own is under way.
   */
  run: 'here' | 'taken_over' | 'found' | 'awaited'
  /** The saves that are another content's now. */
  moved: { user_id: string; save_id: string }[]
}

/**
 * Makes the content of a run the one of `link`, to which its address leads: it takes that address, or its saves go to the
 * content that has it. Whoever had saved both keeps the one of that content, with the notes and tags of both. A content that
 * FAILED takes over the run.
 * @returns undefined when the attempt is no longer the current one: then no content has changed
 */
export async function moveContent(
  sql: Sql,
  of: Attempt,
  link: Link,
  isShareable: boolean,
): Promise<Destination | undefined> {
  const there = await lockWays(sql, of, link)
  if (there === undefined) return undefined
  const content = await lockContent(sql, of.content_id)
  if (content?.attempt !== of.attempt) return undefined
  const other = there === of.content_id ? undefined : await lockContent(sql, there)
  if (!other) {
    // Of a content that is no more, the link leads here now.
    if (there !== of.content_id) await leadLinks(sql, there, of.content_id)
    if (content.url_hash !== link.url_hash) await takeAddress(sql, of.content_id, link, isShareable)
    return { content_id: of.content_id, run: 'here', moved: [] }
  }
  await leaveClusters(sql, of.content_id)
  await joinDoubles(sql, of.content_id, there)
  const moved = await moveSaves(sql, of.content_id, there)
  await moveTrashed(sql, of.content_id, there)
  await leadLinks(sql, of.content_id, there)
  await sql`
    delete from shared_contents
    where id = ${of.content_id}`
  await sql`
    update shared_contents
    set attempt = ${of.attempt}, status = 'PENDING', run_stage = 'queued', error_message = null, version = version + 1
    where id = ${there} and status = 'FAILED'`
  await tellSavers(sql, [there])
  return { content_id: there, run: RUN_AT[other.status], moved }
}

/**
 * Locks the links of a run's content, and the one that its address leads to.
 * @returns the content of that one, or undefined when the attempt is not the current one
 */
async function lockWays(sql: Sql, of: Attempt, link: Link): Promise<string | undefined> {
  const current = await sql`
    select from shared_contents
    where id = ${of.content_id} and attempt = ${of.attempt}`
  if (current.length === 0) return undefined
  const ways = await sql<{ url_hash: string }[]>`
    select url_hash
    from content_links
    where content_id = ${of.content_id}`
  const hashes = new Set([...ways.map(({ url_hash }) => url_hash), link.url_hash])
  const keys = [...hashes].map(url_hash => ({ url_hash, content_id: of.content_id }))
  return (await lockLinks(sql, keys)).get(link.url_hash)
}

interface LockedContent {
  url_hash: string
  attempt: string
  status: Status
}

async function lockContent(sql: Sql, id: string): Promise<LockedContent | undefined> {
  const [content] = await sql<LockedContent[]>`
    select url_hash, attempt, status
    from shared_contents
    where id = ${id}
    for update`
  return content
}

async function takeAddress(sql: Sql, contentId: string, link: Link, isShareable: boolean): Promise<void> {
  await sql`
    update shared_contents
    set url = ${link.url}, url_hash = ${link.url_hash}, external_id = ${link.external_id},
      source_platform = ${link.source_platform}, is_shareable = ${isShareable}
    where id = ${contentId}`
  await copyToSavers(sql, contentId)
}

/** Makes one save of the two of everybody who has both. The other one's id, and its jobs, are from now on that one's. */
async function joinDoubles(sql: Sql, from: string, to: string): Promise<void> {
  const doubles = await sql<{ user_id: string; gone: string; kept: string }[]>`
    select kept.user_id, kept.id as kept, gone.id as gone
    from user_content_saves kept
    join user_content_saves gone on gone.user_id = kept.user_id
    where kept.shared_content_id = ${to} and gone.shared_content_id = ${from}
    order by kept.user_id`
  for (const { user_id, kept, gone } of doubles) {
    await joinSave(sql, user_id, gone, kept)
    await joinTags(sql, user_id, gone, kept)
    await sql`
      update jobs
      set content_id = ${to}, save_id = ${kept}
      where user_id = ${user_id} and save_id = ${gone}`
    await sql`
      update joined_saves
      set save_id = ${kept}
      where user_id = ${user_id} and save_id = ${gone}`
    await joinBookmarks(sql, user_id, gone, kept)
    await deleteSave(sql, user_id, gone)
    await sql`
      insert into joined_saves (user_id, id, save_id)
      values (${user_id}, ${gone}, ${kept})`
  }
}

/** The notes of both, own words of either, the older one's age, favourite if one was, archived if both were. */
async function joinSave(sql: Sql, userId: string, goneId: string, keptId: string): Promise<void> {
  const was = await lockSave(sql, userId, keptId)
  const [is] = await sql<Kind[]>`
    update user_content_saves kept
    set raw_share_text = left(
        case when kept.raw_share_text = gone.raw_share_text then kept.raw_share_text
          else nullif(concat_ws(E'\n', kept.raw_share_text, gone.raw_share_text), '') end, ${LONGEST_NOTE}),
      own_title = coalesce(kept.own_title, gone.own_title), title = coalesce(kept.own_title, gone.own_title, kept.title),
      own_category = coalesce(kept.own_category, gone.own_category),
      category = coalesce(kept.own_category, gone.own_category, kept.category),
      is_favorited = kept.is_favorited or gone.is_favorited, is_archived = kept.is_archived and gone.is_archived,
      created_at = least(kept.created_at, gone.created_at), version = kept.version + 1, updated_at = now()
    from user_content_saves gone
    where kept.user_id = ${userId} and kept.id = ${keptId} and gone.user_id = ${userId} and gone.id = ${goneId}
    returning kept.status, kept.category, kept.is_archived, kept.is_favorited`
  await recountSave(sql, userId, was!, is!)
}

/** All other saves, with their jobs. What they show, and count as, is still that of before. */
async function moveSaves(
  sql: Sql,
  from: string,
  to: string,
): Promise<{ user_id: string; save_id: string }[]> {
  await dropCopies(sql, from)
  const moved = await sql<{ user_id: string; save_id: string }[]>`
    update user_content_saves
    set shared_content_id = ${to}, updated_at = now()
    where shared_content_id = ${from}
    returning user_id, id as save_id`
  await sql`
    update shared_contents
    set save_count = save_count + ${moved.length}, unsaved_since = null
    where id = ${to}`
  for (const { user_id, save_id } of moved) {
    await sql`
      update jobs
      set content_id = ${to}
      where user_id = ${user_id} and save_id = ${save_id} and content_id = ${from}`
  }
  return [...moved]
}

/** What they were read as does not belong where they are any more. */
async function leaveClusters(sql: Sql, contentId: string): Promise<void> {
  const saves = await sql<{ user_id: string; id: string }[]>`
    select user_id, id
    from user_content_saves
    where shared_content_id = ${contentId}
    order by user_id`
  for (const { user_id, id } of saves) await leaveCluster(sql, user_id, id)
}
