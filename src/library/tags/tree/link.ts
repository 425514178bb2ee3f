// Which tag may stand beneath which.
import type { Sql } from '../../../ground/database/connection.ts'
import { tagCycle, tagNotShared, tagTooDeep } from '../problems.ts'
import type { Owned } from '../store.ts'
import { heightAbove, heightBelow, insertEdge, isAncestor, rewriteClosure, withDescendants } from './store.ts'

/** How many edges the longest way down a tree may have. */
const DEEPEST = 16

/**
 * Puts a tag beneath another one, with the lock of the trees; where it stands there already nothing changes.
 * @throws TAG_NOT_SHARED, TAG_CYCLE, TAG_TOO_DEEP
 */
export async function linkTags(tx: Sql, parent: Owned, child: Owned): Promise<void> {
  if (child.owner_id === null && parent.owner_id !== null) throw tagNotShared()
  if (parent.id === child.id || (await isAncestor(tx, child.id, parent.id))) throw tagCycle()
  await insertEdge(tx, { parent_id: parent.id, child_id: child.id }, child.owner_id)
  await refuseDeep(tx, child)
  await rewriteClosure(tx, await withDescendants(tx, [child.id]))
}

/** @throws TAG_TOO_DEEP where the longest way through a tag has too many edges */
export async function refuseDeep(tx: Sql, { id, owner_id }: Owned): Promise<void> {
  const height = (await heightAbove(tx, id)) + (await heightBelow(tx, id, owner_id))
  if (height > DEEPEST) throw tagTooDeep()
}
