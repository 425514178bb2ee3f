// What a user removed: moved out of its tables as it is, so that nothing that lists, counts or searches has to know of it.
import type postgres from 'postgres'
import type { Sql } from '../../ground/database/connection.ts'
import { findColumns } from '../../ground/database/every-table.ts'
import { together } from '../../ground/database/together.ts'
import type { Wanted } from '../../ground/http/paging.ts'
import { lockCollections, placeLoose } from '../collections/store.ts'
import { type Copies, countKind, type Kind } from '../copies/store.ts'
import { contentColumnOf, partsOf, type TrashKind } from './kinds.ts'

type Fragment = postgres.PendingQuery<postgres.Row[]>

/** A fragment of its own: after `insert into` the driver would write values. */
const names = (sql: Sql, columns: string[]) => sql`${sql(columns)}`

/**
 * Moves a thing of a user, with what hangs on it, into their trash. To be asked with the thing's lock, and of a save with
 * its content's, before the save is counted off.
 */
export async function moveToTrash(sql: Sql, userId: string, kind: TrashKind, id: string): Promise<void> {
  const parts = partsOf(kind)
  const columns = await together(...parts.map(({ table }) => findColumns(sql, table)))
  const where = ({ by, of }: (typeof parts)[number]): Fragment => {
    const upper = of && parts.find(({ table }) => table === of)
    const is = upper ? sql`in (select id from ${sql(upper.table)} where ${where(upper)})` : sql`= ${id}`
    return sql`user_id = ${userId} and ${sql(by)} ${is}`
  }
  const rows = parts.map(
    (part, at) => sql`
      jsonb_build_object(${part.table}::text, (
        select coalesce(jsonb_agg(to_jsonb(r)), '[]')
        from (select ${names(sql, columns[at]!)} from ${sql(part.table)} where ${where(part)}) r))`,
  )
  const [thing] = parts
  const content = contentColumnOf(kind)
  await together(
    sql`
      insert into trash (user_id, id, kind, content_id, title, rows)
      select t.user_id, t.id, ${kind}, ${content ? sql(`t.${content}`) : sql`null::uuid`}, t.title,
        ${rows.reduce((all, of) => sql`${all} || ${of}`)}
      from ${sql(thing!.table)} t
      where t.user_id = ${userId} and t.id = ${id}`,
    ...parts.toReversed().map(part => sql`delete from ${sql(part.table)} where ${where(part)}`),
  )
}

/**
 * Puts a thing back as it was. Columns that came meanwhile have their defaults.
 * @returns whether it lay there
 * @throws the constraint `user_content_saves_saved_once`, when another save has the content by now
 */
export async function takeFromTrash(sql: Sql, userId: string, id: string): Promise<boolean> {
  const [kept] = await sql<{ kind: TrashKind; rows: string }[]>`
    delete from trash
    where user_id = ${userId} and id = ${id}
    returning kind, rows::text as rows`
  if (!kept) return false
  const { kind, rows } = kept
  // Only the names are read here: values that JavaScript cannot hold stay as they are.
  const read = JSON.parse(rows) as Record<string, object[] | undefined>
  const bookmarks = ((read.bookmarks ?? []) as { id: string }[]).map(({ id }) => id)
  // So that no category goes that one of them comes back to.
  const uncategorized = bookmarks.length > 0 ? await lockCollections(sql, userId) : undefined
  for (const { table, needs } of partsOf(kind)) {
    const [first] = read[table] ?? []
    if (!first) continue
    const columns = (await findColumns(sql, table)).filter(name => Object.hasOwn(first, name))
    await sql`
      insert into ${sql(table)} (${names(sql, columns)})
      select ${names(sql, columns)}
      from jsonb_populate_recordset(null::${sql(table)}, ${rows}::text::jsonb -> ${table}::text) r
      ${needs ? sql`where exists (select from ${sql(needs.table)} n where n.id = ${sql(`r.${needs.column}`)} ${needs.isOwn ? sql`and n.user_id = ${userId}` : sql``})` : sql``}`
  }
  if (uncategorized) await placeLoose(sql, userId, uncategorized, bookmarks)
  return true
}

/**
 * Puts a save back, with what its content says by now, and counts it. To be asked when the content has it counted.
 * @param note a new note, in place of its own
 * @returns whether it lay there
 */
export async function restoreSave(
  sql: Sql,
  userId: string,
  id: string,
  { status, category, title, topic }: Copies,
  note: string | null = null,
): Promise<boolean> {
  if (!(await takeFromTrash(sql, userId, id))) return false
  const annotated = sql`, raw_share_text = ${note}, version = version + 1, updated_at = now()`
  const [is] = await sql<Kind[]>`
    update user_content_saves
    set status = ${status}, category = coalesce(own_category, ${category}), title = coalesce(own_title, ${title}),
      topic = ${topic} ${note === null ? sql`` : annotated}
    where user_id = ${userId} and id = ${id}
    returning status, category, is_archived, is_favorited`
  await countKind(sql, userId, is!, 1)
  return true
}

/** Puts back the user's save of a content, the one that was removed last. @returns its id */
export async function restoreOf(
  sql: Sql,
  userId: string,
  content: Copies & { id: string },
  note: string | null,
): Promise<string> {
  const [kept] = await sql<{ id: string }[]>`
    select id
    from trash
    where user_id = ${userId} and content_id = ${content.id}
    order by deleted_at desc, id desc
    limit 1`
  await restoreSave(sql, userId, kept!.id, content, note)
  return kept!.id
}

/** What lies in a user's trash under an id. */
export async function findTrashed(
  sql: Sql,
  userId: string,
  id: string,
): Promise<{ kind: TrashKind; content_id: string | null } | undefined> {
  const [kept] = await sql<{ kind: TrashKind; content_id: string | null }[]>`
    select kind, content_id
    from trash
    where user_id = ${userId} and id = ${id}`
  return kept
}

/** A content became another one: so did the saves of it that lie in a trash. To be asked with the contents' locks. */
export async function moveTrashed(sql: Sql, from: string, to: string): Promise<void> {
  await sql`
    update trash
    set content_id = ${to},
      rows = jsonb_set(rows, '{user_content_saves,0,shared_content_id}', to_jsonb(${to}::text))
    where content_id = ${from}`
}

export interface Trashed {
  id: string
  kind: TrashKind
  title: string | null
  url?: string
  deleted_at: string
  expires_at: string
}

/** What a user removed, the newest first. @param days TRASH_DAYS */
export async function listTrash(
  sql: Sql,
  userId: string,
  { limit, offset, after }: Wanted,
  days: number,
): Promise<Trashed[]> {
  const rows = await sql<(Omit<Trashed, 'url'> & { content_id: string | null })[]>`
    select id, kind, title, content_id, deleted_at, deleted_at + make_interval(days => ${days}) as expires_at
    from trash
    where user_id = ${userId} ${after ? sql`and (deleted_at, id) < (${after.key!}, ${after.id})` : sql``}
    order by deleted_at desc, id desc
    limit ${limit} offset ${offset}`
  const urls = await findUrls(
    sql,
    rows.flatMap(({ content_id }) => content_id ?? []),
  )
  return rows.map(({ content_id, ...row }) => {
    const url = urls.get(content_id ?? '')
    return url === undefined ? row : { ...row, url }
  })
}

async function findUrls(sql: Sql, contentIds: string[]): Promise<Map<string, string>> {
  if (contentIds.length === 0) return new Map()
  const contents = await sql<{ id: string; url: string }[]>`
    select id, url
    from shared_contents
    where id in ${sql(contentIds)}`
  return new Map(contents.map(({ id, url }) => [id, url]))
}

export async function countTrash(sql: Sql, userId: string): Promise<number> {
  const [counted] = await sql<{ total: number }[]>`
    select count(*) as total
    from trash
    where user_id = ${userId}`
  return counted!.total
}

/** Removes one thing for good. @returns whether it lay there */
export async function dropTrashed(sql: Sql, userId: string, id: string): Promise<boolean> {
  const gone = await sql`
    delete from trash
    where user_id = ${userId} and id = ${id}`
  return gone.count > 0
}

/** When a user last removed something that still lies in their trash. */
export async function findNewest(sql: Sql, userId: string): Promise<string | undefined> {
  const [newest] = await sql<{ deleted_at: string }[]>`
    select deleted_at
    from trash
    where user_id = ${userId}
    order by deleted_at desc
    limit 1`
  return newest?.deleted_at
}

/** Removes for good what a user removed until `until`, at most `most` things. @returns how many. */
export async function emptyTrash(sql: Sql, userId: string, until: string, most: number): Promise<number> {
  const gone = await sql`
    delete from trash
    where user_id = ${userId} and id in (
      select id
      from trash
      where user_id = ${userId} and deleted_at <= ${until}
      order by deleted_at, id
      limit ${most}
    )`
  return gone.count
}

/** Removes for good what was removed longer than `days` ago, at most `most` things. @returns how many. */
export async function dropOldTrash(sql: Sql, days: number, most: number): Promise<number> {
  const gone = await sql`
    delete from trash
    where (user_id, id) in (
      select user_id, id
      from trash
      where deleted_at < now() - make_interval(days => ${days})
      order by deleted_at
      limit ${most}
    )`
  return gone.count
}

/** Those of these contents that lie in somebody's trash. */
export async function findHeld(sql: Sql, contentIds: string[]): Promise<Set<string>> {
  if (contentIds.length === 0) return new Set()
  const held = await sql<{ content_id: string }[]>`
    select distinct content_id
    from trash
    where content_id in ${sql(contentIds)}`
  return new Set(held.map(({ content_id }) => content_id))
}
