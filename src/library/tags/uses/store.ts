// What has a tag. An own tag is its owner's alone; a shared one anybody's, so what concerns all of those reaches over users.
import type { Sql } from '../../../ground/database/connection.ts'
import { overUsers } from '../../../ground/database/row-security.ts'

/** As far as this looks at a tag. */
export interface Used {
  id: string
  owner_id: string | null
}

const reaching = <T>(sql: Sql, { owner_id }: Used, work: () => Promise<T>): Promise<T> =>
  owner_id === null ? overUsers(sql, work) : work()

const of = (sql: Sql, { owner_id }: Used) => (owner_id === null ? sql`` : sql`and user_id = ${owner_id}`)

/** Those who have a save with this tag. */
export const findUsers = (sql: Sql, tag: Used): Promise<string[]> =>
  reaching(sql, tag, async () => {
    const rows = await sql<{ user_id: string }[]>`
      select distinct user_id
      from save_tags
      where tag_id = ${tag.id} ${of(sql, tag)}`
    return rows.map(({ user_id }) => user_id)
  })

/** Notes that a tag's name is not to be offered again for the saves that have it. */
export const noteRemoved = (sql: Sql, tag: Used): Promise<void> =>
  reaching(sql, tag, async () => {
    await sql`
      insert into dropped_tags (user_id, save_id, name_key)
      select u.user_id, u.save_id, t.name_key
      from (
        select user_id, save_id, tag_id
        from save_tags
        where tag_id = ${tag.id} ${of(sql, tag)}
      ) u
      join tags t on t.id = u.tag_id
      order by u.user_id, u.save_id
      on conflict (user_id, save_id, name_key) do nothing`
  })

/** Lets nobody give anything a tag that goes. Before saves and works, as by whoever chooses tags. */
export async function holdGoing(sql: Sql, id: string): Promise<void> {
  await sql`
    select id
    from tags
    where id = ${id}
    for update`
}

/** Takes a tag off everything, with what users think of it. */
export const dropUses = (sql: Sql, tag: Used): Promise<void> =>
  reaching(sql, tag, async () => {
    for (const table of ['save_tags', 'work_tags', 'tag_ratings', 'tag_favorites', 'tag_cardinality_stats'])
      await sql`
        delete from ${sql(table)}
        where tag_id = ${tag.id} ${of(sql, tag)}`
    await sql`
      delete from shared_tag_stats
      where tag_id = ${tag.id}`
  })

/** Gives everything that has a tag another one, which it may have already; what somebody chose stays chosen. */
export const moveUses = (sql: Sql, from: Used, into: Used): Promise<void> =>
  reaching(sql, from, async () => {
    for (const [table, thing] of [
      ['save_tags', 'save_id'],
      ['work_tags', 'work_id'],
    ] as const)
      await sql`
        insert into ${sql(table)} (user_id, ${sql(thing)}, tag_id, source, created_at)
        select user_id, ${sql(thing)}, ${into.id}::uuid, source, created_at
        from ${sql(table)}
        where tag_id = ${from.id} ${of(sql, from)}
        on conflict (user_id, ${sql(thing)}, tag_id) do update set source = 'user'
        where excluded.source = 'user'`
    for (const table of ['save_tags', 'work_tags']) await moveTrashed(sql, from, into, table)
    await sql`
      insert into tag_favorites (user_id, tag_id, created_at)
      select user_id, ${into.id}::uuid, created_at
      from tag_favorites
      where tag_id = ${from.id} ${of(sql, from)}
      on conflict (user_id, tag_id) do nothing`
    const rated = await sql<{ rating: number }[]>`
      insert into tag_ratings (user_id, tag_id, rating, created_at, updated_at)
      select user_id, ${into.id}::uuid, rating, created_at, updated_at
      from tag_ratings
      where tag_id = ${from.id} ${of(sql, from)}
      on conflict (user_id, tag_id) do nothing
      returning rating::float8 as rating`
    await sql`
      update tags
      set rating_count = rating_count + ${rated.length},
        rating_sum = rating_sum + ${rated.reduce((sum, { rating }) => sum + rating, 0)}::float8
      where id = ${into.id}`
  })

/** The same of what lies in a trash, where it is kept as rows of `table`. */
async function moveTrashed(sql: Sql, from: Used, into: Used, table: string): Promise<void> {
  const other = sql`jsonb_build_object('tag_id', ${into.id}::text)`
  await sql`
    update trash t
    set rows = jsonb_set(t.rows, array[${table}::text], (
      select jsonb_agg(case x.r ->> 'tag_id' when ${from.id}::text then x.r || ${other} else x.r end)
      from jsonb_array_elements(t.rows -> ${table}::text) as x (r)
      where x.r ->> 'tag_id' <> ${from.id}::text or not t.rows -> ${table}::text @> jsonb_build_array(${other})
    ))
    where t.rows -> ${table}::text @> jsonb_build_array(jsonb_build_object('tag_id', ${from.id}::text))
      ${of(sql, from)}`
}

/** Removes a tag with its other names and its place in the trees. */
export async function deleteTag(sql: Sql, id: string): Promise<void> {
  await sql`
    delete from tag_edges
    where child_id = ${id} or parent_id = ${id}`
  await sql`
    delete from tag_closure
    where descendant_id = ${id} or ancestor_id = ${id}`
  await sql`
    delete from tag_aliases
    where tag_id = ${id}`
  await sql`
    delete from tags
    where id = ${id}`
}
