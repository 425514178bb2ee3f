import type { Sql } from '../../../ground/database/connection.ts'

/** Makes tags of a user's own, but for those whose name means a shared tag or one of theirs already. */
export async function addOwnTags(
  sql: Sql,
  userId: string,
  tags: { id: string; name: string }[],
): Promise<void> {
  // In the order of their keys, so that two who add the same ones never wait for each other.
  await sql`
    insert into tags (id, owner_id, name, name_key)
    select n.id, ${userId}::uuid, n.name, n.name_key
    from (
      select distinct on (folded(name)) id, name, folded(name) as name_key
      from jsonb_to_recordset(${sql.json(tags)}) as x (id uuid, name text)
      order by folded(name), id
    ) n
    where not exists (
      select
      from tags t
      where t.name_key = n.name_key and (t.owner_id is null or t.owner_id = ${userId})
    ) and not exists (
      select
      from tag_aliases a
      where a.name_key = n.name_key and (a.owner_id is null or a.owner_id = ${userId})
    )
    order by n.name_key
    on conflict do nothing`
}

/** The tag that each of these names means to a user, once each, in the order of the names; shared ones come before own ones, and other names last. */
export async function findTagsNamed(
  sql: Sql,
  userId: string,
  names: string[],
): Promise<{ id: string; name: string }[]> {
  return sql<{ id: string; name: string }[]>`
    select t.id, t.name
    from (
      select folded(name) as name_key, min(place) as place
      from jsonb_array_elements_text(${sql.json(names)}) with ordinality as x (name, place)
      group by folded(name)
    ) n
    cross join lateral (
      select named.id, named.name
      from (
        select t.id, t.name, t.owner_id, false as is_alias
        from tags t
        where t.name_key = n.name_key and (t.owner_id is null or t.owner_id = ${userId})
        union all
        select t.id, t.name, a.owner_id, true
        from tag_aliases a
        join tags t on t.id = a.tag_id
        where a.name_key = n.name_key and (a.owner_id is null or a.owner_id = ${userId})
      ) named
      order by named.is_alias, named.owner_id nulls first
      limit 1
    ) t
    group by t.id, t.name
    order by min(n.place)`
}

/**
 * Keeps the tags of these names from being removed, or merged into others, for as long as the transaction lasts: asked
 * before saves are locked, as whoever removes a tag does.
 */
export async function holdTagsNamed(sql: Sql, userId: string, names: string[]): Promise<void> {
  const tags = await findTagsNamed(sql, userId, names)
  await holdTags(
    sql,
    tags.map(({ id }) => id),
  )
}

/** @param isPatient false: without waiting for who removes one. @returns those that are there */
export async function holdTags(sql: Sql, ids: string[], isPatient = true): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const held = await sql<{ id: string }[]>`
    select id
    from tags
    where id in ${sql(ids)}
    order by id
    for key share ${isPatient ? sql`` : sql`skip locked`}`
  return new Set(held.map(({ id }) => id))
}
