import type { Sql } from '../../../ground/database/connection.ts'
import { uncountSave } from '../../contents/store.ts'
import { bumpLibrary } from '../../versions/store.ts'
import { deleteSave, lockContentOf, trashSave } from '../store.ts'

/**
 * Takes a save out of its user's library, whichever route is asked to.
 * @param days TRASH_DAYS: how long it lies in the trash
 * @returns whether it was there
 */
export async function removeItem(tx: Sql, userId: string, saveId: string, days: number): Promise<boolean> {
  const content = await lockContentOf(tx, userId, saveId)
  const remove = days > 0 ? trashSave : deleteSave
  if (!content || !(await remove(tx, userId, saveId))) return false
  await uncountSave(tx, content.id)
  await bumpLibrary(tx, userId, content.status === 'READY' ? 1 : 0)
  return true
}
