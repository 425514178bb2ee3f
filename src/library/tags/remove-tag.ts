import type { Sql } from '../../ground/database/connection.ts'
import { bumpLibraries } from '../versions/store.ts'
import { rewriteClosure, withDescendants } from './tree/store.ts'
import { deleteTag, dropUses, findUsers, holdGoing, noteRemoved, type Used } from './uses/store.ts'

/** Removes a tag from everything that has it, and from the trees, whose lock is to be had. */
export async function removeTag(tx: Sql, tag: Used): Promise<void> {
  await holdGoing(tx, tag.id)
  const users = await findUsers(tx, tag)
  const below = await withDescendants(tx, [tag.id])
  await noteRemoved(tx, tag)
  await dropUses(tx, tag)
  await deleteTag(tx, tag.id)
  await rewriteClosure(
    tx,
    below.filter(id => id !== tag.id),
  )
  await bumpLibraries(tx, users)
}
