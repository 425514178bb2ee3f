// The library version: the ETag of everything a user reads of their library.
import type { Sql } from '../../database/connection.ts'

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
 * Raises the version of everybody who saved a content, or one of several, locking in the order of users so that two contents
 * that finish at once cannot wait for each other.
 * @param changes how many READY saves this adds to what is not clustered yet.
 */
export async function bumpSavers(sql: Sql, contentIds: string | string[], changes = 0): Promise<void> {
  await sql`
    with concerned as (
      select l.user_id
      from libraries l
      where l.user_id in (
        select user_id from user_content_saves where shared_content_id in ${sql([contentIds].flat())}
      )
      order by l.user_id
      for update of l
    )
    update libraries l
    set version = l.version + 1, changes_since_clustering = l.changes_since_clustering + ${changes}
    from concerned
    where l.user_id = concerned.user_id`
}

/** Those who saved a content and have at least `enough` changes that no clustering has seen. */
export async function findUnclustered(sql: Sql, contentId: string, enough: number): Promise<string[]> {
  const rows = await sql<{ user_id: string }[]>`
    select l.user_id
    from libraries l
    join user_content_saves s on s.user_id = l.user_id
    where s.shared_content_id = ${contentId} and l.changes_since_clustering >= ${enough}`
  return rows.map(({ user_id }) => user_id)
}

/** Notes that a clustering has seen `changes` changes, and raises the version. */
export async function settleClustering(sql: Sql, userId: string, changes: number): Promise<void> {
  await sql`
    update libraries
    set version = version + 1, clustered_at = now(),
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
