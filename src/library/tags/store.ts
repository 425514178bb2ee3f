import type postgres from 'postgres'
import type { Sql } from '../../ground/database/connection.ts'
import type { Relative, Tag, TagsQuery } from './schema.ts'

type Fragment = postgres.PendingQuery<postgres.Row[]>

/** Of tags `t`, those that a user knows of: shared ones, and their own. */
export const known = (sql: Sql, userId: string) => sql`(t.owner_id is null or t.owner_id = ${userId})`

const columns = (sql: Sql, userId: string) => sql`
  t.id, t.name, t.description, t.owner_id is null as is_shared, t.average_rating, t.rating_count,
  exists (select from tag_favorites f where f.user_id = ${userId} and f.tag_id = t.id) as is_favorite,
  t.created_at, t.updated_at`

export async function findTag(sql: Sql, userId: string, id: string): Promise<Tag | undefined> {
  const [tag] = await sql<Tag[]>`
    select ${columns(sql, userId)}
    from tags t
    where t.id = ${id} and ${known(sql, userId)}`
  return tag
}

export interface Owned {
  id: string
  name: string
  owner_id: string | null
}

/** Whose a tag is that a user knows of; it stays so as long as the transaction lasts. */
export async function lockTag(sql: Sql, userId: string, id: string): Promise<Owned | undefined> {
  const [tag] = await sql<Owned[]>`
    select t.id, t.name, t.owner_id
    from tags t
    where t.id = ${id} and ${known(sql, userId)}
    for no key update`
  return tag
}

/** The tag that a name means to a user: a shared one, their own, or the one that has it as another name. */
export async function findTagNamed(sql: Sql, userId: string, name: string): Promise<string | undefined> {
  const [tag] = await sql<{ id: string }[]>`
    select id
    from (
      select t.id, t.owner_id, 0 as place
      from tags t
      where t.name_key = folded(${name}) and ${known(sql, userId)}
      union all
      select t.tag_id, t.owner_id, 1
      from tag_aliases t
      where t.name_key = folded(${name}) and ${known(sql, userId)}
    ) named
    order by place, owner_id nulls first
    limit 1`
  return tag?.id
}

/** What a list of tags is about. */
export interface Wanted extends Partial<Pick<TagsQuery, 'search' | 'min_ratings'>> {
  /** Those without a parent. */
  roots?: true
  /** The user's favourites. */
  favorites?: true
}

const ORDERS: Record<TagsQuery['sort'], string> = {
  'name-asc': 't.name_key, t.id',
  'name-desc': 't.name_key desc, t.id desc',
  'rating-asc': 't.average_rating nulls last, t.rating_count desc, t.name_key, t.id',
  'rating-desc': 't.average_rating desc nulls last, t.rating_count desc, t.name_key, t.id',
  'created-asc': 't.created_at, t.id',
  'created-desc': 't.created_at desc, t.id desc',
}

const wanted = (sql: Sql, userId: string, { search, min_ratings, roots, favorites }: Wanted) => sql`
  ${known(sql, userId)}
  ${search ? sql`and strpos(t.name_key, folded(${search})) > 0` : sql``}
  ${min_ratings ? sql`and t.rating_count >= ${min_ratings}` : sql``}
  ${roots ? sql`and not exists (select from tag_edges e where e.child_id = t.id)` : sql``}
  ${favorites ? sql`and t.id in (select f.tag_id from tag_favorites f where f.user_id = ${userId})` : sql``}`

/** A part of a list. */
export interface Part {
  limit: number
  offset: number
}

export async function listTags(
  sql: Sql,
  userId: string,
  what: Wanted,
  sort: TagsQuery['sort'],
  { limit, offset }: Part,
): Promise<Tag[]> {
  return sql<Tag[]>`
    select ${columns(sql, userId)}
    from tags t
    where ${wanted(sql, userId, what)}
    order by ${sql.unsafe(ORDERS[sort])}
    limit ${limit} offset ${offset}`
}

export async function countTags(sql: Sql, userId: string, what: Wanted): Promise<number> {
  const [counted] = await sql<{ total: number }[]>`
    select count(*)::integer as total
    from tags t
    where ${wanted(sql, userId, what)}`
  return counted!.total
}

/** Above a tag or beneath it; directly, or at any depth. */
export type Kinship = 'parents' | 'children' | 'ancestors' | 'descendants'

/** Of the closure `c` of tags `t`. */
function kin(sql: Sql, userId: string, id: string, kinship: Kinship): Fragment {
  const isAbove = kinship === 'parents' || kinship === 'ancestors'
  const isDirect = kinship === 'parents' || kinship === 'children'
  const along = isAbove
    ? sql`c.descendant_id = ${id} and t.id = c.ancestor_id`
    : sql`c.ancestor_id = ${id} and t.id = c.descendant_id`
  return sql`${along} and ${known(sql, userId)} ${isDirect ? sql`and c.depth = 1` : sql``}`
}

/** A tag's relatives that a user knows of, the nearest first. */
export async function listRelatives(
  sql: Sql,
  userId: string,
  id: string,
  kinship: Kinship,
  { limit, offset }: Part,
): Promise<Relative[]> {
  return sql<Relative[]>`
    select ${columns(sql, userId)}, c.depth
    from tag_closure c, tags t
    where ${kin(sql, userId, id, kinship)}
    order by c.depth, t.name_key, t.id
    limit ${limit} offset ${offset}`
}

export async function countRelatives(
  sql: Sql,
  userId: string,
  id: string,
  kinship: Kinship,
): Promise<number> {
  const [counted] = await sql<{ total: number }[]>`
    select count(*)::integer as total
    from tag_closure c, tags t
    where ${kin(sql, userId, id, kinship)}`
  return counted!.total
}

/** Its other names, as a user knows them. */
export async function listAliases(sql: Sql, userId: string, id: string): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select t.name
    from tag_aliases t
    where t.tag_id = ${id} and ${known(sql, userId)}
    order by t.name_key`
  return rows.map(({ name }) => name)
}

/** @throws the constraints `tags_own_name_taken` and `tags_shared_name_taken` */
export async function insertTag(sql: Sql, tag: Owned & { description: string | null }): Promise<void> {
  await sql`
    insert into tags (id, owner_id, name, name_key, description)
    values (${tag.id}, ${tag.owner_id}, ${tag.name}, folded(${tag.name}), ${tag.description})`
}

/**
 * Changes what `edit` names and leaves the rest.
 * @throws the constraints `tags_own_name_taken` and `tags_shared_name_taken`
 */
export async function editTag(
  sql: Sql,
  id: string,
  { name, description }: { name?: string | undefined; description?: string | null | undefined },
): Promise<void> {
  await sql`
    update tags set
      name = ${name ?? sql`name`},
      name_key = ${name === undefined ? sql`name_key` : sql`folded(${name})`},
      description = ${description === undefined ? sql`description` : description},
      updated_at = now()
    where id = ${id}`
}
