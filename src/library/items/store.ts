import type postgres from 'postgres'
import type { Sql } from '../../ground/database/connection.ts'
import { isSpread } from '../../ground/database/layout.ts'
import { together } from '../../ground/database/together.ts'
import type { Category, PlatformName } from '../../vocabulary.ts'
import { contentColumns, contentDetailColumns } from '../contents/store.ts'
import {
  type Copies,
  contentOfSave,
  copiedColumns,
  copyContents,
  countKind,
  type Kind,
  recountSave,
} from '../copies/store.ts'
import { tagsOfSave } from '../tags/on-saves/store.ts'
import { moveToTrash, restoreOf } from '../trash/store.ts'
import { nestRow } from './nest-row.ts'
import { withOwnWords } from './own-words.ts'
import type { Item, ItemDetail } from './schema.ts'

type Fragment = postgres.PendingQuery<postgres.Row[]>

const saveColumns = (sql: Sql) => sql`
  s.id as "save.id", s.user_id as "save.user_id", s.shared_content_id as "save.shared_content_id",
  s.raw_share_text as "save.raw_share_text", s.is_favorited as "save.is_favorited",
  s.is_archived as "save.is_archived", s.own_title as "save.own_title", s.own_category as "save.own_category",
  s.created_at as "save.created_at", ${tagsOfSave(sql)} as "save.tags"`

/** The columns of an item in a list, to be read by `nestRow`: of user_content_saves `s` and `contentOfSave`. */
export const itemColumns = (sql: Sql) => sql`${saveColumns(sql)}, ${contentColumns(sql, true)}`

export interface NewSave {
  id: string
  /** As its lock was taken. */
  content: Copies & { id: string }
  raw_share_text: string | null
}

/**
 * Adds saves to a library. One whose content lies in the user's trash comes back from there, with whatever it had; a note
 * that is given now takes the place of its own.
 * @returns the ids that they have, by the given ones, of those whose content this user had not saved already
 */
export async function insertSaves(sql: Sql, userId: string, saves: NewSave[]): Promise<Map<string, string>> {
  // In the order of what they count as, so that no two changes of one library wait for each other.
  const ordered = saves.toSorted((a, b) => (kindOf(a) < kindOf(b) ? -1 : 1))
  const added = await together(
    ...ordered.map(({ id, content, raw_share_text }) => {
      const { status, category, title, topic } = content
      return sql<{ is_added: boolean | null }[]>`
        select add_save(${userId}, ${id}, ${content.id}, ${raw_share_text}, ${status}, ${category}, ${title}, ${topic})
          as is_added`
    }),
  )
  const madeAs = new Map<string, string>()
  for (const [at, { id, content, raw_share_text }] of ordered.entries()) {
    const { is_added } = added[at]![0]!
    if (is_added) madeAs.set(id, id)
    if (is_added === null) madeAs.set(id, await restoreOf(sql, userId, content, raw_share_text))
  }
  await copyContents(
    sql,
    ordered.flatMap(({ id, content }) =>
      madeAs.has(id) ? [{ user_id: userId, content_id: content.id }] : [],
    ),
  )
  return madeAs
}
const kindOf = ({ content: { status, category } }: NewSave) => `${status} ${category}`

/** A user's saves of those of these contents that they have saved, by content. */
export async function findSavesOf(
  sql: Sql,
  userId: string,
  contentIds: string[],
): Promise<Map<string, string>> {
  if (contentIds.length === 0) return new Map()
  const saves = await sql<{ id: string; content_id: string }[]>`
    select id, shared_content_id as content_id
    from user_content_saves
    where user_id = ${userId} and shared_content_id in ${sql(contentIds)}`
  return new Map(saves.map(({ id, content_id }) => [content_id, id]))
}

/** The id of a save: of one that was joined with another, since both are of one page, the other's. */
export async function keptSave(sql: Sql, userId: string, saveId: string): Promise<string> {
  const [joined] = await sql<{ save_id: string }[]>`
    select save_id
    from joined_saves
    where user_id = ${userId} and id = ${saveId}`
  return joined?.save_id ?? saveId
}

export async function findItem(sql: Sql, userId: string, saveId: string): Promise<Item | undefined> {
  const [row] = await sql`
    select ${itemColumns(sql)}
    from user_content_saves s
    join ${contentOfSave(sql, userId)}
    where s.user_id = ${userId} and s.id = ${saveId}`
  return row && nestRow<Item>(row)
}

type EditedItem = ItemDetail & { edits: { version: number } }

/** One item with all that is public of its content, and the version of the save that If-Match is about. */
export async function findItemDetail(
  sql: Sql,
  userId: string,
  saveId: string,
): Promise<EditedItem | undefined> {
  const columns = sql`${saveColumns(sql)}, s.last_viewed_at as "save.last_viewed_at", s.updated_at as "save.updated_at",
      s.version as "edits.version"`
  if (isSpread(sql)) return findItemApart(sql, columns, userId, saveId)
  const [row] = await sql`
    select ${columns}, ${contentDetailColumns(sql, true)}
    from user_content_saves s
    join shared_contents c on c.id = s.shared_content_id
    where s.user_id = ${userId} and s.id = ${saveId}`
  return row && nestRow<EditedItem>(row)
}

/** The save, and then its content from where that lies: the copy beside the save has less. */
async function findItemApart(
  sql: Sql,
  columns: Fragment,
  userId: string,
  saveId: string,
): Promise<EditedItem | undefined> {
  const [save] = await sql`
    select ${columns}
    from user_content_saves s
    where s.user_id = ${userId} and s.id = ${saveId}`
  if (!save) return undefined
  const [content] = await sql`
    select ${contentDetailColumns(sql)}
    from shared_contents c
    where c.id = ${save['save.shared_content_id']}`
  if (!content) return undefined
  const item = nestRow<EditedItem>({ ...save, ...content })
  return { ...item, content: withOwnWords(item.content, item.save) }
}

/**
 * Notes that a user looked at these saves, in the order of locks. The library's version stays: no list shows when, and the one list that is
 * sorted by it carries no ETag, so that reading one item does not make every list stale.
 */
export async function markViewed(sql: Sql, userId: string, ...saveIds: string[]): Promise<void> {
  await sql`
    update user_content_saves
    set last_viewed_at = now()
    where user_id = ${userId} and id in (
      select id
      from user_content_saves
      where user_id = ${userId} and id in ${sql(saveIds)}
      order by id
      for no key update
    )`
}

export interface LockedSave extends Kind {
  id: string
  version: number
}

/** A user's save for the time of a transaction: nobody else edits or removes it meanwhile. */
export async function lockSave(sql: Sql, userId: string, saveId: string): Promise<LockedSave | undefined> {
  const [save] = await sql<LockedSave[]>`
    select id, version, status, category, is_archived, is_favorited
    from user_content_saves
    where user_id = ${userId} and id = ${saveId}
    for update`
  return save
}

export interface SaveEdit {
  is_favorited?: boolean | undefined
  is_archived?: boolean | undefined
  raw_share_text?: string | null | undefined
  title?: string | null | undefined
  category_high?: Category | null | undefined
}

/**
 * Changes what `edit` names and leaves the rest.
 * @param read what its content says, with the content's lock: takes the place of own words that go
 */
export async function editSave(
  sql: Sql,
  userId: string,
  save: LockedSave,
  edit: SaveEdit,
  read: Pick<Copies, 'title' | 'category'> | undefined,
): Promise<void> {
  const { is_favorited = save.is_favorited, is_archived = save.is_archived } = edit
  const category = edit.category_high === undefined ? save.category : (edit.category_high ?? read!.category)
  const changed = {
    ...{ is_favorited, is_archived, category },
    ...(edit.raw_share_text === undefined ? {} : { raw_share_text: edit.raw_share_text }),
    ...(edit.title === undefined ? {} : { own_title: edit.title, title: edit.title ?? read!.title }),
    ...(edit.category_high === undefined ? {} : { own_category: edit.category_high }),
  }
  await sql`
    update user_content_saves
    set ${sql(changed)}, version = version + 1, updated_at = now()
    where user_id = ${userId} and id = ${save.id}`
  await recountSave(sql, userId, save, { ...save, is_favorited, is_archived, category })
}

interface LockedContent extends Copies {
  id: string
  attempt: string
  source_platform: PlatformName
}

/** The content of a user's save, locked before the save itself, as everything does that changes both. */
export async function lockContentOf(
  sql: Sql,
  userId: string,
  saveId: string,
): Promise<LockedContent | undefined> {
  const [save] = await sql<{ content_id: string }[]>`
    select shared_content_id as content_id
    from user_content_saves
    where user_id = ${userId} and id = ${saveId}`
  if (!save) return undefined
  const [content] = await sql<LockedContent[]>`
    select id, attempt, source_platform, ${copiedColumns(sql)}
    from shared_contents
    where id = ${save.content_id}
    for no key update`
  return content
}

/** Takes a save out of its cluster, if it is in one. */
export async function leaveCluster(sql: Sql, userId: string, saveId: string): Promise<void> {
  await sql`
    update clusters
    set item_count = item_count - 1, updated_at = now()
    where user_id = ${userId}
      and id = (select cluster_id from cluster_members where user_id = ${userId} and save_id = ${saveId})`
  await sql`
    delete from cluster_members
    where user_id = ${userId} and save_id = ${saveId}`
}

/** Takes a save out of its cluster and the library, into the trash. @returns whether it was there. */
export async function trashSave(sql: Sql, userId: string, saveId: string): Promise<boolean> {
  await leaveCluster(sql, userId, saveId)
  const save = await lockSave(sql, userId, saveId)
  if (!save) return false
  await moveToTrash(sql, userId, 'save', saveId)
  await countKind(sql, userId, save, -1)
  return true
}

/** Takes a save out of its cluster and the library, for good. @returns whether it was there. */
export async function deleteSave(sql: Sql, userId: string, saveId: string): Promise<boolean> {
  await leaveCluster(sql, userId, saveId)
  const [gone] = await sql<Kind[]>`
    delete from user_content_saves
    where user_id = ${userId} and id = ${saveId}
    returning status, category, is_archived, is_favorited`
  if (gone) await countKind(sql, userId, gone, -1)
  return gone !== undefined
}
