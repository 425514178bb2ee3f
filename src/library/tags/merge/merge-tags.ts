import type { Sql } from '../../../ground/database/connection.ts'
import { bumpLibraries } from '../../versions/store.ts'
import { tagNotShared } from '../problems.ts'
import type { Owned } from '../store.ts'
import { refuseDeep } from '../tree/link.ts'
import { rewriteClosure, withDescendants } from '../tree/store.ts'
import { deleteTag, dropUses, findUsers, holdGoing, moveUses } from '../uses/store.ts'
import { dropEdges, insertAlias, moveAliases, takeEdges } from './store.ts'

/**
 * Makes two tags one, with the lock of the trees: what has the first gets the second, with ratings, favourites and edges, and its name leads there.
 * @throws TAG_NOT_SHARED, TAG_TOO_DEEP
 */
export async function mergeTags(tx: Sql, from: Owned, into: Owned): Promise<void> {
  if (from.owner_id === null && into.owner_id !== null) throw tagNotShared()
  await holdGoing(tx, from.id)
  const users = await findUsers(tx, from)
  const below = await withDescendants(tx, [from.id])
  const edges = await dropEdges(tx, from.id)
  await rewriteClosure(tx, below)
  await takeEdges(tx, edges, into)
  await refuseDeep(tx, into)
  await rewriteClosure(tx, await withDescendants(tx, [into.id]))
  await moveUses(tx, from, into)
  await dropUses(tx, from)
  await moveAliases(tx, from, into)
  await deleteTag(tx, from.id)
  await insertAlias(tx, into.id, from.name, from.owner_id)
  await bumpLibraries(tx, users)
}
