// Who may change a tag: its owner, and of shared ones the admins.
import { mayDo, type Permission } from '../../accounts/permissions.ts'
import type { Sql } from '../../ground/database/connection.ts'
import { notYourTag, tagNotFound } from './problems.ts'
import { lockTag, type Owned } from './store.ts'

interface Actor {
  id: string
  permissions: readonly Permission[]
}

export const mayShare = ({ permissions }: Actor): boolean => mayDo(permissions, 'admin')

/**
 * A tag that somebody changes; it stays as it is for as long as the transaction lasts.
 * @throws 404 for one that they do not know of, 403 for a shared one unless they are an admin
 */
export async function tagToChange(tx: Sql, user: Actor, id: string): Promise<Owned> {
  const tag = await lockTag(tx, user.id, id)
  if (!tag) throw tagNotFound()
  if (tag.owner_id === null && !mayShare(user)) throw notYourTag()
  return tag
}
