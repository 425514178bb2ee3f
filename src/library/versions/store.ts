// The library version: the ETag of everything a user reads of their library.
import type { Sql } from '../../ground/database/connection.ts'
import { overUsers } from '../../ground/database/row-security.ts'
import { together } from '../../ground/database/together.ts'

/**
 * Raises one user's version and returns it.
 * @param changes how many READY saves this adds to, or takes from, what clustering has seen.
 */
export async function bumpLibrary(sql: Sql, userId: string, changes = 0): Promise<number> {
  const [library] = await sql<{ version: number }[]>`
    update libraries
    set version = version + 1, changes_since_clustering = changes_since_clustering + ${changes}
    where user_id = ${userId}
    returning version`
  return library!.version
}

/**
 * Raises the version of everybody who saved a content, or one of several, in the order of users, so that two contents
 * that are started again at once cannot wait for each other.
 */
export const bumpSavers = (sql: Sql, contentIds: string[]): Promise<void> =>
  overUsers(sql, () => bumpAll(sql, contentIds))

async function bumpAll(sql: Sql, contentIds: string[]): Promise<void> {
  const savers = await sql<{ user_id: string }[]>`
    select distinct user_id
    from user_content_saves
    where shared_content_id in ${sql(contentIds)}
    order by user_id`
  await bumpEach(
    sql,
    savers.map(({ user_id }) => user_id),
  )
}

/** Raises the version of each of these users. */
export const bumpLibraries = (sql: Sql, userIds: string[]): Promise<void> =>
  overUsers(sql, () => bumpEach(sql, userIds.toSorted()))

/** @param userIds in the order of locks */
async function bumpEach(sql: Sql, userIds: string[]): Promise<void> {
  const bumped = userIds.map(
    user_id => sql`
      update libraries
      set version = version + 1
      where user_id = ${user_id}`,
  )
  await together(...bumped)
}

/** A library of any size is grouped again when so much of it has changed; what is new joins a cluster at once anyway. */
const CHANGED_SHARE = 0.1

/**
 * Those of these users whose library has changed enough since it was grouped: by at least `least` READY saves, and by a
 * tenth of all.
 */
export async function findUnclustered(sql: Sql, userIds: string[], least: number): Promise<string[]> {
  if (userIds.length === 0) return []
  const rows = await sql<{ user_id: string }[]>`
    select l.user_id
    from libraries l
    where l.user_id in ${sql(userIds)} and l.changes_since_clustering >= ${least}
      and l.changes_since_clustering >= ${CHANGED_SHARE}::float8 * (
        select coalesce(sum(k.items), 0)
        from library_counts k
        where k.user_id = l.user_id and k.status = 'READY' and not k.is_archived
      )`
  return rows.map(({ user_id }) => user_id)
}

/**
 * Notes that a clustering has seen `changes` changes.
 * @param isOther whether it changed anything that the user sees: only then the version is raised
 */
export async function settleClustering(
  sql: Sql,
  userId: string,
  changes: number,
  isOther: boolean,
): Promise<void> {
  await sql`
    update libraries
    set version = version + ${isOther ? 1 : 0}, clustered_at = now(),
      changes_since_clustering = greatest(changes_since_clustering - ${changes}, 0)
    where user_id = ${userId}`
}

/** Those whose library has changed since it was grouped. */
export async function findChangedLibraries(sql: Sql): Promise<string[]> {
  const rows = await sql<{ user_id: string }[]>`
    select user_id
    from libraries
    where changes_since_clustering > 0
    order by user_id`
  return rows.map(({ user_id }) => user_id)
}
