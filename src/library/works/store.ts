import type { Sql } from '../../ground/database/connection.ts'
import type { ContentType } from '../content/listing.ts'
import type { LockedSave } from '../items/store.ts'
import { chooseTags } from '../tags/on-saves/store.ts'
import { moveToTrash } from '../trash/store.ts'

/** What is kept of a work besides its tags. */
export interface WorkFields {
  title: string
  data: { text?: string }
  file_url: string | null
  thumbnail_url: string | null
  width: number | null
  height: number | null
  file_size: number | null
  mime_type: string | null
  prompt: string | null
  negative_prompt: string | null
  generation_settings: Record<string, unknown> | null
  content_category: string | null
  character_id: string | null
  character_name: string | null
  quality_score: number | null
  is_approved: boolean
  is_nsfw: boolean
  is_public: boolean
}

/** The columns of what is given; what is left out keeps its default, or stays. */
function columnsOf(sql: Sql, { data, generation_settings, ...fields }: Partial<WorkFields>) {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined)
  return {
    ...Object.fromEntries(given),
    ...(data === undefined ? {} : { data: sql.json(data) }),
    ...(generation_settings === undefined
      ? {}
      : { generation_settings: generation_settings && sql.json(generation_settings as never) }),
  }
}

/** Adds a work that was written by hand to a user's library. */
export async function insertWork(
  sql: Sql,
  userId: string,
  id: string,
  content_type: ContentType,
  fields: Partial<WorkFields> & Pick<WorkFields, 'title'>,
): Promise<void> {
  const row = { user_id: userId, id, content_type, ...columnsOf(sql, fields) }
  await sql`insert into works ${sql(row as never)}`
}

export interface LockedWork {
  kind: 'work'
  id: string
  version: number
  content_type: ContentType
  data: { text?: string }
  file_url: string | null
}

/** A user's work for the time of a transaction: nobody else edits or removes it meanwhile. */
export async function lockWork(sql: Sql, userId: string, id: string): Promise<LockedWork | undefined> {
  const [work] = await sql<LockedWork[]>`
    select 'work' as kind, id, version, content_type, data, file_url
    from works
    where user_id = ${userId} and id = ${id}
    for update`
  return work
}

/** Changes what is named of a locked work and leaves the rest; naming nothing is an edit as well. */
export async function editWork(
  sql: Sql,
  userId: string,
  { id, version }: Pick<LockedWork, 'id' | 'version'>,
  changes: Partial<WorkFields>,
): Promise<void> {
  const changed = { ...columnsOf(sql, changes), version: version + 1 }
  await sql`
    update works
    set ${sql(changed as never)}, updated_at = now()
    where user_id = ${userId} and id = ${id}`
}

/**
 * Takes a work with its tags out of its user's library.
 * @param trashDays how long it lies in the trash; 0 for gone at once
 * @returns whether it was there
 */
export async function removeWork(sql: Sql, userId: string, id: string, trashDays: number): Promise<boolean> {
  if (!(await lockWork(sql, userId, id))) return false
  if (trashDays > 0) await moveToTrash(sql, userId, 'work', id)
  else {
    await sql`
      delete from works
      where user_id = ${userId} and id = ${id}`
  }
  return true
}

/** Changes what a locked save has of its own as a content, and leaves the rest; naming nothing is an edit as well. */
export async function editSharing(
  sql: Sql,
  userId: string,
  { id, version }: Pick<LockedSave, 'id' | 'version'>,
  changes: Partial<Pick<WorkFields, 'is_public' | 'quality_score'>>,
): Promise<void> {
  const changed = { ...columnsOf(sql, changes), version: version + 1 }
  await sql`
    update user_content_saves
    set ${sql(changed as never)}, updated_at = now()
    where user_id = ${userId} and id = ${id}`
}

/** Makes these the tags that a user gave a save or a work; what was offered to them stays an offer. To be asked with its lock. */
export async function setTags(
  sql: Sql,
  userId: string,
  { kind, id }: { kind: 'save' | 'work'; id: string },
  tagIds: string[],
): Promise<void> {
  if (kind === 'save') return chooseTags(sql, userId, id, tagIds)
  const given = sql`select x::uuid as tag_id from jsonb_array_elements_text(${sql.json(tagIds)}) x`
  await sql`
    delete from work_tags
    where user_id = ${userId} and work_id = ${id} and source = 'user' and tag_id not in (${given})`
  await sql`
    insert into work_tags (user_id, work_id, tag_id, source)
    select ${userId}::uuid, ${id}::uuid, g.tag_id, 'user'
    from (${given}) g
    on conflict (user_id, work_id, tag_id) do update
    set source = excluded.source`
}

/** Whether somebody shows others anything at all. */
export async function showsAnything(sql: Sql, userId: string): Promise<boolean> {
  const [shown] = await sql<{ is_shown: boolean }[]>`
    select exists (select from user_content_saves where user_id = ${userId} and is_public and not is_archived)
      or exists (select from works where user_id = ${userId} and is_public) as is_shown`
  return shown!.is_shown
}
