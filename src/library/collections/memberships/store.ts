// Which categories a bookmark is in, and where. Who changes that has the lock of the user's collections.
import type { Sql } from '../../../ground/database/connection.ts'
import { nextPosition } from '../store.ts'
import type { Membership } from './schema.ts'

/** Puts a bookmark behind what a category holds. @returns whether it was not there */
export async function addMember(
  sql: Sql,
  userId: string,
  bookmarkId: string,
  categoryId: string,
): Promise<boolean> {
  const added = await sql`
    insert into bookmark_memberships (user_id, bookmark_id, category_id, position)
    select ${userId}::uuid, ${bookmarkId}::uuid, ${categoryId}::uuid, ${nextPosition(sql, userId, categoryId)}
    on conflict do nothing`
  return added.count > 0
}

/** @returns whether it was there */
export async function removeMember(
  sql: Sql,
  userId: string,
  bookmarkId: string,
  categoryId: string,
): Promise<boolean> {
  const removed = await sql`
    delete from bookmark_memberships
    where user_id = ${userId} and bookmark_id = ${bookmarkId} and category_id = ${categoryId}`
  return removed.count > 0
}

/** Gives a member the place `position`, counted from 0, or the last one; the others keep their order. */
export async function moveMember(
  sql: Sql,
  userId: string,
  bookmarkId: string,
  categoryId: string,
  position: number,
): Promise<void> {
  await sql`
    update bookmark_memberships m
    set position = placed.position
    from (
      select o.bookmark_id, o.rank + case when o.rank >= ${position} then 1 else 0 end as position
      from (
        select n.bookmark_id, (row_number() over (order by n.position, n.bookmark_id))::integer - 1 as rank
        from bookmark_memberships n
        where n.user_id = ${userId} and n.category_id = ${categoryId} and not n.is_hidden
          and n.bookmark_id <> ${bookmarkId}
      ) o
      union all
      select ${bookmarkId}::uuid, ${position}::integer
    ) placed
    where m.user_id = ${userId} and m.category_id = ${categoryId} and m.bookmark_id = placed.bookmark_id
      and m.position <> placed.position`
}

/** The categories that a bookmark is in, the first one first, or one of them. */
export async function listMemberships(
  sql: Sql,
  userId: string,
  bookmarkId: string,
  categoryId?: string,
): Promise<Membership[]> {
  return sql<Membership[]>`
    select m.bookmark_id, m.category_id, m.user_id, m.created_at, (
      select count(*)::integer
      from bookmark_memberships o
      where o.user_id = ${userId} and o.category_id = m.category_id and not o.is_hidden
        and (o.position, o.bookmark_id) < (m.position, m.bookmark_id)
    ) as position
    from bookmark_memberships m
    where m.user_id = ${userId} and m.bookmark_id = ${bookmarkId}
      ${categoryId ? sql`and m.category_id = ${categoryId}` : sql``}
    order by m.created_at, m.category_id`
}
