// What stands twice, so that a list reads one index and counts nothing: what saves show of their contents, and how many
// saves of each kind a library holds. Whoever changes a save or a content keeps both, in the same transaction. Where
// tables are spread, saved_contents has what lists and search read of contents besides.
import type { Sql } from '../../ground/database/connection.ts'
import { isSpread } from '../../ground/database/layout.ts'
import { overUsers } from '../../ground/database/row-security.ts'
import { together } from '../../ground/database/together.ts'
import type { Category, Status } from '../../vocabulary.ts'

/** What a save shows of its content. */
export interface Copies {
  status: Status
  /** Misc for a content that has none yet. */
  category: Category
  title: string | null
  topic: string | null
}

/** What a save is counted as. */
export interface Kind extends Pick<Copies, 'status' | 'category'> {
  is_archived: boolean
  is_favorited: boolean
}

/** What saves copy of shared_contents, for `select` and `returning`. */
export const copiedColumns = (sql: Sql) =>
  sql`status, coalesce(category_high, 'Misc') as category, title, topic_main as topic`

/** What a user's saves `s` are joined with for their contents `c`. */
export const contentOfSave = (sql: Sql, userId: string) =>
  isSpread(sql)
    ? sql`saved_contents c on c.user_id = ${userId} and c.id = s.shared_content_id`
    : sql`shared_contents c on c.id = s.shared_content_id`

/** Counts `change` more saves of a kind in a library. */
export async function countKind(sql: Sql, userId: string, kind: Kind, change: number): Promise<void> {
  await sql`
    select count_saves(${userId}, ${kind.status}, ${kind.category}, ${kind.is_archived}, ${kind.is_favorited}, ${change})`
}

/** Counts a save as what it is now, instead of what it was. */
export async function recountSave(sql: Sql, userId: string, was: Kind, is: Kind): Promise<void> {
  await sql`
    select recount_save(${userId}, ${was.status}, ${was.category}, ${was.is_archived}, ${was.is_favorited},
      ${is.status}, ${is.category}, ${is.is_archived}, ${is.is_favorited})`
}

/**
 * Brings all saves of these contents, and the counts of their libraries, into line with what the contents are now. In the
 * order of users, so that two contents never wait for each other. To be asked with the contents' locks.
 */
export const tellSavers = (sql: Sql, contentIds: string[]): Promise<void> =>
  overUsers(sql, () => tellAll(sql, contentIds))

async function tellAll(sql: Sql, contentIds: string[]): Promise<void> {
  const [contents, savers] = await together(
    sql<(Copies & { id: string })[]>`
      select id, ${copiedColumns(sql)}
      from shared_contents
      where id in ${sql(contentIds)}`,
    findSavers(sql, contentIds),
  )
  if (savers.length === 0) return
  // Of lists, not of tables: a function that asks tables is not called for the rows of one that is spread.
  await sql`
    select tell_saver(user_id, content_id, status, category, title, topic)
    from (
      select s.user_id, s.content_id, c.status, c.category, c.title, c.topic
      from jsonb_to_recordset(${sql.json(savers as never)}) as s (user_id uuid, content_id uuid)
      join jsonb_to_recordset(${sql.json(contents as never)}) as c (id uuid, status text, category text, title text, topic text)
        on c.id = s.content_id
      order by s.user_id, s.content_id
    ) told`
  await copyContents(sql, savers)
}

interface Saver {
  user_id: string
  content_id: string
}

const findSavers = (sql: Sql, contentIds: string[]) => sql<Saver[]>`
  select user_id, shared_content_id as content_id
  from user_content_saves
  where shared_content_id in ${sql(contentIds)}
  order by user_id, shared_content_id`

/** Copies a content beside all saves of it, where tables are spread. To be asked with the content's lock. */
export async function copyToSavers(sql: Sql, contentId: string): Promise<void> {
  if (isSpread(sql)) await copyContents(sql, await findSavers(sql, [contentId]))
}

/**
 * Copies contents beside these saves of them, where tables are spread. To be asked with the contents' locks.
 * @param savers in the order of users
 */
export async function copyContents(sql: Sql, savers: Saver[]): Promise<void> {
  if (!isSpread(sql) || savers.length === 0) return
  const contents = await sql<{ id: string; copy: string }[]>`
    select id, (to_jsonb(c) - array['transcript', 'description', 'content_text'])::text as copy
    from shared_contents c
    where id in ${sql([...new Set(savers.map(({ content_id }) => content_id))])}`
  const copyOf = new Map(contents.map(({ id, copy }) => [id, copy]))
  const copied = savers.map(
    ({ user_id, content_id }) =>
      sql`select keep_saved_content(${user_id}, ${copyOf.get(content_id)!}::text::jsonb)`,
  )
  await together(...copied)
}

/** Removes what copyContents made of a content, with its vectors: its saves go to another one. */
export async function dropCopies(sql: Sql, contentId: string): Promise<void> {
  if (isSpread(sql)) await sql`delete from saved_contents where id = ${contentId}`
}
