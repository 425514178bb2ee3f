// A save or a work of a user's, to be changed.
import type { Sql } from '../../ground/database/connection.ts'
import { etagOf } from '../../ground/http/conditional.ts'
import { notFound, staleETag } from '../../ground/http/problems.ts'
import type { Answering } from '../../ground/http/route.ts'
import { findContent } from '../content/rows/store.ts'
import type { ContentDetail } from '../content/schema.ts'
import { isCurrent, tagName } from '../items/edit/item-tag.ts'
import { type LockedSave, lockSave } from '../items/store.ts'
import { bumpLibrary } from '../versions/store.ts'
import { type LockedWork, lockWork } from './store.ts'

export const contentNotFound = notFound('Content not found or does not belong to you')

export type LockedContent = LockedWork | (LockedSave & { kind: 'save' })

/** A user's save or work for the time of a transaction. @throws 404, and 412 where `If-Match` names another version */
export async function lockContent(
  tx: Sql,
  userId: string,
  id: string,
  ifMatch: string | null = null,
): Promise<LockedContent> {
  const work = await lockWork(tx, userId, id)
  const save = work ? undefined : await lockSave(tx, userId, id)
  const locked = work ?? (save && { ...save, kind: 'save' as const })
  if (!locked) throw contentNotFound()
  if (!isCurrent(ifMatch, userId, id, locked.version)) throw staleETag()
  return locked
}

/** What was changed as it is now, with its ETag; its user's library is at a new version. */
export async function changed(tx: Sql, userId: string, id: string, set: Answering): Promise<ContentDetail> {
  const library_version = await bumpLibrary(tx, userId)
  const { content, version } = (await findContent(tx, userId, id))!
  set.headers.etag = etagOf({ id: tagName(userId, id, version), library_version })
  return content
}
