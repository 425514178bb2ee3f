// Tags of saves: those that the user chose, and those that were offered.
import type { Sql } from '../../../ground/database/connection.ts'

/** The tags of a user's saves `s`, as their answers show them. */
export const tagsOfSave = (sql: Sql) => sql`
  coalesce((
    select jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name, 'source', st.source) order by t.name_key, t.id)
    from save_tags st
    join tags t on t.id = st.tag_id
    where st.user_id = s.user_id and st.save_id = s.id
  ), '[]')`

/**
 * Which of a user's saves `s` have tags of these names.
 * @param match whether one of the names is enough
 */
export function hasTags(sql: Sql, userId: string, names: string[], match: 'any' | 'all') {
  const among = (some: string[]) => sql`
    s.id in (
      select st.save_id
      from save_tags st
      where st.user_id = ${userId} and st.tag_id in (
        select t.id
        from tags t
        where t.name_key in (${keys(sql, some)}) and (t.owner_id is null or t.owner_id = ${userId})
        union all
        select t.tag_id
        from tag_aliases t
        where t.name_key in (${keys(sql, some)}) and (t.owner_id is null or t.owner_id = ${userId})
      )
    )`
  const groups = match === 'any' ? [names] : names.map(name => [name])
  return groups.map(among).reduce((all, each) => sql`${all} and ${each}`)
}

const keys = (sql: Sql, names: string[]) =>
  names.map(name => sql`folded(${name})`).reduce((all, each) => sql`${all}, ${each}`)

/** Notes names that what understands contents is not to offer for a save again. */
async function noteDropped(sql: Sql, userId: string, saveId: string, tagIds: string[]): Promise<void> {
  if (tagIds.length === 0) return
  await sql`
    insert into dropped_tags (user_id, save_id, name_key)
    select ${userId}::uuid, ${saveId}::uuid, t.name_key
    from tags t
    where t.id in ${sql(tagIds)}
    on conflict (user_id, save_id, name_key) do nothing`
}

/** Makes these the tags that a user chose for a save. Those that were offered and not chosen stay offered. */
export async function chooseTags(sql: Sql, userId: string, saveId: string, tagIds: string[]): Promise<void> {
  const gone = await sql<{ tag_id: string }[]>`
    delete from save_tags
    where user_id = ${userId} and save_id = ${saveId} and source = 'user'
      ${tagIds.length > 0 ? sql`and tag_id not in ${sql(tagIds)}` : sql``}
    returning tag_id`
  await noteDropped(
    sql,
    userId,
    saveId,
    gone.map(({ tag_id }) => tag_id),
  )
  if (tagIds.length === 0) return
  await sql`
    insert into save_tags (user_id, save_id, tag_id, source)
    select ${userId}::uuid, ${saveId}::uuid, t.id, 'user'
    from tags t
    where t.id in ${sql(tagIds)}
    on conflict (user_id, save_id, tag_id) do update set source = 'user'`
  await sql`
    delete from dropped_tags
    where user_id = ${userId} and save_id = ${saveId}
      and name_key in (select t.name_key from tags t where t.id in ${sql(tagIds)})`
}

/** Makes a tag that a save has one that the user chose. @returns whether the save has it */
export async function acceptTag(sql: Sql, userId: string, saveId: string, tagId: string): Promise<boolean> {
  const [found] = await sql`
    update save_tags
    set source = 'user'
    where user_id = ${userId} and save_id = ${saveId} and tag_id = ${tagId}
    returning tag_id`
  return found !== undefined
}

/** Takes a tag off a save, for good. @returns whether the save had it */
export async function dropTag(sql: Sql, userId: string, saveId: string, tagId: string): Promise<boolean> {
  const [gone] = await sql`
    delete from save_tags
    where user_id = ${userId} and save_id = ${saveId} and tag_id = ${tagId}
    returning tag_id`
  if (gone) await noteDropped(sql, userId, saveId, [tagId])
  return gone !== undefined
}

/** What a content was understood to be about, in words that may stand as tags. */
export async function findOffered(sql: Sql, contentId: string): Promise<string[]> {
  const [content] = await sql<{ subcategories: string[] }[]>`
    select subcategories
    from shared_contents
    where id = ${contentId} and status = 'READY'`
  return content?.subcategories ?? []
}

export interface Offer {
  user_id: string
  save_id: string
  name: string
  /** The tag that the name means to the user; null where it is none yet. */
  tag_id: string | null
}

/**
 * The saves of a content, of one user or of all, each with these names as its user knows them; without what was dropped
 * there, under this name or that of its tag, and what the user chose. In the order of users and names.
 */
export async function findOffers(
  sql: Sql,
  contentId: string,
  names: string[],
  userId?: string,
): Promise<Offer[]> {
  return sql<Offer[]>`
    select s.user_id, s.id as save_id, n.name,
      meant.id as tag_id
    from user_content_saves s
    cross join (
      select distinct on (folded(x.name)) x.name, folded(x.name) as name_key
      from jsonb_array_elements_text(${sql.json(names)}) as x (name)
      order by folded(x.name), x.name
    ) n
    left join tags shared on shared.name_key = n.name_key and shared.owner_id is null
    left join tags own on own.name_key = n.name_key and own.owner_id = s.user_id
    left join tag_aliases shared_alias on shared_alias.name_key = n.name_key and shared_alias.owner_id is null
    left join tag_aliases own_alias on own_alias.name_key = n.name_key and own_alias.owner_id = s.user_id
    left join tags meant on meant.id = coalesce(shared.id, own.id, shared_alias.tag_id, own_alias.tag_id)
    where s.shared_content_id = ${contentId} ${userId ? sql`and s.user_id = ${userId}` : sql``}
      and not exists (
        select
        from dropped_tags d
        where d.user_id = s.user_id and d.save_id = s.id and d.name_key in (n.name_key, meant.name_key)
      ) and not exists (
        select
        from save_tags st
        join tags t on t.id = st.tag_id
        where st.user_id = s.user_id and st.save_id = s.id and st.source = 'user' and t.name_key = n.name_key
      )
    order by s.user_id, n.name_key`
}

/** Makes own tags of users, but for those that they have. @param tags in the order of users and names */
export async function addTagsOf(
  sql: Sql,
  tags: { id: string; owner_id: string; name: string }[],
): Promise<void> {
  if (tags.length === 0) return
  await sql`
    insert into tags (id, owner_id, name, name_key)
    select x.id, x.owner_id, x.name, folded(x.name)
    from jsonb_to_recordset(${sql.json(tags)}) as x (id uuid, owner_id uuid, name text)
    order by x.owner_id, folded(x.name)
    on conflict do nothing`
}

/** Gives saves the tags that are offered; what they have already stays as it is. @returns whose saves have more now */
export async function insertOffers(
  sql: Sql,
  offers: { user_id: string; save_id: string; tag_id: string }[],
): Promise<string[]> {
  if (offers.length === 0) return []
  const added = await sql<{ user_id: string }[]>`
    insert into save_tags (user_id, save_id, tag_id, source)
    select x.user_id, x.save_id, x.tag_id, 'ai'
    from jsonb_to_recordset(${sql.json(offers)}) as x (user_id uuid, save_id uuid, tag_id uuid)
    order by x.user_id, x.save_id, x.tag_id
    on conflict (user_id, save_id, tag_id) do nothing
    returning user_id`
  return added.map(({ user_id }) => user_id)
}

/** Takes back what was offered for saves of a content and is not any more. @returns whose saves have less now */
export async function withdrawOffers(
  sql: Sql,
  contentId: string,
  offers: { user_id: string; save_id: string; tag_id: string }[],
  userId?: string,
): Promise<string[]> {
  const gone = await sql<{ user_id: string }[]>`
    delete from save_tags st
    using user_content_saves s
    where s.shared_content_id = ${contentId} ${userId ? sql`and s.user_id = ${userId}` : sql``}
      and st.user_id = s.user_id and st.save_id = s.id and st.source = 'ai'
      and not exists (
        select
        from jsonb_to_recordset(${sql.json(offers)}) as x (user_id uuid, save_id uuid, tag_id uuid)
        where x.user_id = st.user_id and x.save_id = st.save_id and x.tag_id = st.tag_id
      )
    returning st.user_id`
  return gone.map(({ user_id }) => user_id)
}

/** Gives a save what its user has chosen, and dropped, of another one of theirs. */
export async function joinTags(sql: Sql, userId: string, fromId: string, toId: string): Promise<void> {
  await sql`
    insert into dropped_tags (user_id, save_id, name_key, created_at)
    select user_id, ${toId}::uuid, name_key, created_at
    from dropped_tags
    where user_id = ${userId} and save_id = ${fromId}
    on conflict (user_id, save_id, name_key) do nothing`
  await sql`
    insert into save_tags (user_id, save_id, tag_id, source, created_at)
    select user_id, ${toId}::uuid, tag_id, source, created_at
    from save_tags
    where user_id = ${userId} and save_id = ${fromId} and source = 'user'
    on conflict (user_id, save_id, tag_id) do update set source = 'user'`
}
