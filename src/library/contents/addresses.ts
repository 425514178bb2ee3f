// Links that lead to one content: short ones, and those of pages that have moved. docs/decisions/0019-links.md.
import type { Sql } from '../../ground/database/connection.ts'
import type { Status } from '../../vocabulary.ts'
import { type Kind, recountSave, tellSavers } from '../copies/store.ts'
import { deleteSave, lockSave } from '../items/store.ts'
import type { Link } from '../links/normalise-url.ts'
import type { Attempt } from './store.ts'

/** Each link, or the one of the content that it was found to lead to. In the same order. */
export async function resolveLinks(sql: Sql, links: Link[]): Promise<Link[]> {
  const hashes = links.filter(({ source_platform }) => source_platform === 'web').map(link => link.url_hash)
  if (hashes.length === 0) return links
  const found = await sql<(Link & { from_hash: string })[]>`
    select a.url_hash as from_hash, c.url, c.url_hash, c.source_platform, c.external_id
    from content_addresses a
    join shared_contents c on c.id = a.content_id
    where a.url_hash in ${sql(hashes)}`
  const leadsTo = new Map(found.map(({ from_hash, ...link }) => [from_hash, link]))
  return links.map(link => leadsTo.get(link.url_hash) ?? link)
}

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
 * content that has it. Whoever had saved both keeps the one of that content, with the notes of both. A content that FAILED
 * takes over the run.
 * @returns undefined when the attempt is no longer the current one: then nothing has changed
 */
export async function moveContent(
  sql: Sql,
  of: Attempt,
  link: Link,
  isShareable: boolean,
): Promise<Destination | undefined> {
  const [content] = await sql<{ url_hash: string }[]>`
    select url_hash
    from shared_contents
    where id = ${of.content_id} and attempt = ${of.attempt}
    for update`
  if (!content) return undefined
  const here = { content_id: of.content_id, run: 'here', moved: [] } as const
  if (content.url_hash === link.url_hash) return { ...here, moved: [] }
  const [resolved] = await resolveLinks(sql, [link])
  const [other] = await sql<{ id: string; status: Status }[]>`
    select id, status
    from shared_contents
    where url_hash = ${resolved!.url_hash}
    for update`
  if (other?.id === of.content_id) return { ...here, moved: [] }
  if (!other) {
    await sql`
      update shared_contents
      set url = ${link.url}, url_hash = ${link.url_hash}, external_id = ${link.external_id},
        source_platform = ${link.source_platform}, is_shareable = ${isShareable}
      where id = ${of.content_id}`
    await rememberAddress(sql, content.url_hash, of.content_id)
    return { ...here, moved: [] }
  }
  await leaveClusters(sql, of.content_id)
  await joinDoubles(sql, of.content_id, other.id)
  const moved = await moveSaves(sql, of.content_id, other.id)
  await sql`
    update content_addresses
    set content_id = ${other.id}
    where content_id = ${of.content_id}`
  await sql`
    delete from shared_contents
    where id = ${of.content_id}`
  await rememberAddress(sql, content.url_hash, other.id)
  await sql`
    update shared_contents
    set attempt = ${of.attempt}, status = 'PENDING', run_stage = 'queued', error_message = null, version = version + 1
    where id = ${other.id} and status = 'FAILED'`
  await tellSavers(sql, [other.id])
  return { content_id: other.id, run: RUN_AT[other.status], moved }
}

async function rememberAddress(sql: Sql, urlHash: string, contentId: string): Promise<void> {
  await sql`
    insert into content_addresses (url_hash, content_id)
    values (${urlHash}, ${contentId})
    on conflict (url_hash) do update set content_id = excluded.content_id`
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
    await sql`
      update jobs
      set content_id = ${to}, save_id = ${kept}
      where user_id = ${user_id} and save_id = ${gone}`
    await sql`
      update joined_saves
      set save_id = ${kept}
      where user_id = ${user_id} and save_id = ${gone}`
    await deleteSave(sql, user_id, gone)
    await sql`
      insert into joined_saves (user_id, id, save_id)
      values (${user_id}, ${gone}, ${kept})`
  }
}

/** The notes of both, the older one's age, favourite if one was, archived if both were. */
async function joinSave(sql: Sql, userId: string, goneId: string, keptId: string): Promise<void> {
  const was = await lockSave(sql, userId, keptId)
  const [is] = await sql<Kind[]>`
    update user_content_saves kept
    set raw_share_text = left(
        case when kept.raw_share_text = gone.raw_share_text then kept.raw_share_text
          else nullif(concat_ws(E'\n', kept.raw_share_text, gone.raw_share_text), '') end, ${LONGEST_NOTE}),
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
  const moved = await sql<{ user_id: string; save_id: string }[]>`
    update user_content_saves
    set shared_content_id = ${to}, updated_at = now()
    where shared_content_id = ${from}
    returning user_id, id as save_id`
  await sql`
    update shared_contents
    set save_count = save_count + ${moved.length}, unsaved_since = null
    where id = ${to}`
  await sql`
    update jobs j
    set content_id = ${to}
    from user_content_saves s
    where s.shared_content_id = ${to} and j.user_id = s.user_id and j.save_id = s.id and j.content_id = ${from}`
  return [...moved]
}

/** What they were read as does not belong where they are any more. */
async function leaveClusters(sql: Sql, contentId: string): Promise<void> {
  await sql`
    with gone as (
      delete from cluster_members m
      using user_content_saves s
      where s.shared_content_id = ${contentId} and m.user_id = s.user_id and m.save_id = s.id
      returning m.user_id, m.cluster_id
    )
    update clusters k
    set item_count = item_count - 1, updated_at = now()
    from gone
    where k.user_id = gone.user_id and k.id = gone.cluster_id`
}
