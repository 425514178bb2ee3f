// What strangers see of a shared category: what its contents say of themselves, and nothing that their owner wrote of them.
import type { Sql } from '../../../ground/database/connection.ts'
import { thumbnailPath } from '../../contents/store.ts'
import { type Listing, type Source, sortedPlaces } from '../listing/store.ts'
import { contentsOf } from '../store.ts'
import type { SharedBookmark } from './schema.ts'

export interface Share {
  owner_id: string
  category_id: string
}

/** Whose category a token was made for, be it public or not. */
export async function findShare(sql: Sql, tokenHash: string): Promise<Share | undefined> {
  const [share] = await sql<Share[]>`
    select owner_id, category_id
    from category_shares
    where token_hash = ${tokenHash}`
  return share
}

/** Lets a token lead to a category; those of before lead nowhere. */
export async function putShare(sql: Sql, tokenHash: string, share: Share): Promise<void> {
  await dropShare(sql, share)
  await sql`insert into category_shares ${sql({ token_hash: tokenHash, ...share })}`
}

export async function dropShare(sql: Sql, { owner_id, category_id }: Share): Promise<void> {
  await sql`
    delete from category_shares
    where owner_id = ${owner_id} and category_id = ${category_id}`
}

/** All tokens of a user whose account goes. */
export async function dropSharesOf(sql: Sql, ownerId: string): Promise<void> {
  await sql`
    delete from category_shares
    where owner_id = ${ownerId}`
}

/** As it is found: what is no bookmark has no id that may be told. */
export type FoundShared = Omit<SharedBookmark, 'id'> & {
  bookmark_id: string | null
  save_id: string | null
  category_id: string
}

/** Of works nothing but what they are called and look like, unless they are public themselves. */
const sharedColumns = (sql: Sql) => sql`
  p.category_id, p.bookmark_id, p.save_id, coalesce(w.content_type, 'link') as content_type,
  coalesce(c.title, w.title) as title, coalesce(c.url, case when w.is_public then w.file_url end) as url,
  c.author, c.source_platform, coalesce(c.category_high, w.content_category) as category_high,
  c.duration_seconds, ${thumbnailPath(sql, 'c')} as thumbnail_path, w.thumbnail_url,
  coalesce(p.added_at, s.created_at) as added_at`

/** What several categories of one user hold, so many of each. */
export async function listShared(
  sql: Sql,
  ownerId: string,
  listings: (Omit<Listing, 'include_content'> & { source: NonNullable<Source> })[],
): Promise<FoundShared[]> {
  if (listings.length === 0) return []
  const parts = listings.map(
    listing => sql`
      (select ${listing.source.id}::uuid as category_id, q.bookmark_id, q.save_id, q.work_id, q.added_at, q.place
      from (${sortedPlaces(sql, ownerId, listing)}) q)`,
  )
  return sql<FoundShared[]>`
    select ${sharedColumns(sql)}
    from (${parts.reduce((all, part) => sql`${all} union all ${part}`)}) p
    ${contentsOf(sql, ownerId, 'p.save_id', 'p.work_id')}
    order by p.category_id, p.place`
}

interface SealedToken {
  user_id: string
  id: string
  share_token_sealed: string | null
}

/** The sealed tokens of all users. */
export async function listSealedTokens(sql: Sql): Promise<SealedToken[]> {
  return sql<SealedToken[]>`
    select user_id, id, share_token_sealed
    from bookmark_categories
    where share_token_sealed is not null`
}

/** Puts the same token, sealed anew, where it is still that of before. */
export async function putSealedToken(
  sql: Sql,
  { user_id, id, share_token_sealed }: SealedToken,
  now: string,
): Promise<void> {
  await sql`
    update bookmark_categories
    set share_token_sealed = ${now}
    where user_id = ${user_id} and id = ${id} and share_token_sealed = ${share_token_sealed}`
}
