// What users think of tags. The sums beside a tag move with its ratings: who writes those has locked the tag.
import type { Sql } from '../../../ground/database/connection.ts'

export async function findRating(sql: Sql, userId: string, tagId: string): Promise<number | undefined> {
  const [found] = await sql<{ rating: number }[]>`
    select rating::float8 as rating
    from tag_ratings
    where user_id = ${userId} and tag_id = ${tagId}`
  return found?.rating
}

/** A user's ratings of those of these tags that they have rated, by tag. */
export async function findRatings(
  sql: Sql,
  userId: string,
  tagIds: string[],
): Promise<Record<string, number>> {
  if (tagIds.length === 0) return {}
  const rows = await sql<{ tag_id: string; rating: number }[]>`
    select tag_id, rating::float8 as rating
    from tag_ratings
    where user_id = ${userId} and tag_id in ${sql(tagIds)}`
  return Object.fromEntries(rows.map(({ tag_id, rating }) => [tag_id, rating]))
}

export async function rateTag(sql: Sql, userId: string, tagId: string, rating: number): Promise<void> {
  const before = await findRating(sql, userId, tagId)
  await sql`
    insert into tag_ratings (user_id, tag_id, rating)
    values (${userId}, ${tagId}, ${rating})
    on conflict (user_id, tag_id) do update set rating = excluded.rating, updated_at = excluded.updated_at`
  await countRating(sql, tagId, before === undefined ? 1 : 0, rating - (before ?? 0))
}

export async function unrateTag(sql: Sql, userId: string, tagId: string): Promise<void> {
  const [gone] = await sql<{ rating: number }[]>`
    delete from tag_ratings
    where user_id = ${userId} and tag_id = ${tagId}
    returning rating::float8 as rating`
  if (gone) await countRating(sql, tagId, -1, -gone.rating)
}

async function countRating(sql: Sql, tagId: string, count: number, sum: number): Promise<void> {
  await sql`
    update tags
    set rating_count = rating_count + ${count}, rating_sum = rating_sum + ${sum}::float8
    where id = ${tagId}`
}

export async function addFavorite(sql: Sql, userId: string, tagId: string): Promise<void> {
  await sql`
    insert into tag_favorites (user_id, tag_id)
    values (${userId}, ${tagId})
    on conflict (user_id, tag_id) do nothing`
}

export async function removeFavorite(sql: Sql, userId: string, tagId: string): Promise<void> {
  await sql`
    delete from tag_favorites
    where user_id = ${userId} and tag_id = ${tagId}`
}

/** Takes ratings of an account that goes off the sums of their tags, at most `most`. @returns how many */
export async function eraseRatings(sql: Sql, userId: string, most: number): Promise<number> {
  const rated = await sql<{ tag_id: string }[]>`
    select tag_id
    from tag_ratings
    where user_id = ${userId}
    order by tag_id
    limit ${most}`
  if (rated.length === 0) return 0
  const ids = rated.map(({ tag_id }) => tag_id)
  await sql`
    select id
    from tags
    where id in ${sql(ids)}
    order by id
    for no key update`
  const gone = await sql<{ tag_id: string; rating: number }[]>`
    delete from tag_ratings
    where user_id = ${userId} and tag_id in ${sql(ids)}
    returning tag_id, rating::float8 as rating`
  await sql`
    update tags t
    set rating_count = t.rating_count - 1, rating_sum = t.rating_sum - g.rating
    from jsonb_to_recordset(${sql.json(gone as never)}) as g (tag_id uuid, rating double precision)
    where t.id = g.tag_id`
  return gone.length
}

/** Removes tags of an account that goes, at most `most`. @returns how many */
export async function eraseOwnTags(sql: Sql, userId: string, most: number): Promise<number> {
  // Where tables are spread they do not go with the account: these are on every machine.
  for (const table of ['tag_edges', 'tag_closure', 'tag_aliases'])
    await sql`
      delete from ${sql(table)}
      where owner_id = ${userId}`
  const gone = await sql`
    delete from tags
    where id in (select id from tags where owner_id = ${userId} limit ${most})
    returning id`
  return gone.length
}
