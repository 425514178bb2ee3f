import type { Sql } from '../../../ground/database/connection.ts'

/** Makes tags of a user's own, but for those whose name a shared tag or one of theirs has already. */
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
    )
    order by n.name_key
    on conflict do nothing`
}

/** The tag that each of these names means to a user, in the order of the names; shared ones come before own ones. */
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
      select t.id, t.name
      from tags t
      where t.name_key = n.name_key and (t.owner_id is null or t.owner_id = ${userId})
      order by t.owner_id nulls first
      limit 1
    ) t
    order by n.place`
}
