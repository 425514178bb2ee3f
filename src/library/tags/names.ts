// Names that users write, and the tags that they mean.
import { v7 as uuidv7 } from 'uuid'
import * as v from 'valibot'
import type { Sql } from '../../ground/database/connection.ts'
import { atLeast, atMost, list, StorableText } from '../../ground/http/schemas.ts'
import { addOwnTags, findTagsNamed } from './names/store.ts'

/** As it is kept: without blanks around it. */
export const TagName = v.pipe(
  StorableText,
  v.trim(),
  atLeast(1),
  atMost(100),
  v.regex(/[^\s\p{M}\p{Cf}]/u, 'must hold something to read'),
)

/** The names that a content is to be called by. */
export const TagNames = list(TagName, 0, 50)

/**
 * The tags of these names, whatever their case and accents: a shared one where there is one, else the user's own, which
 * is made where it is not there.
 * @returns their ids; fewer than names where two of them mean one tag
 */
export async function tagIdsOf(tx: Sql, userId: string, names: string[]): Promise<string[]> {
  if (names.length === 0) return []
  await addOwnTags(
    tx,
    userId,
    names.map(name => ({ id: uuidv7(), name })),
  )
  const found = await findTagsNamed(tx, userId, names)
  return found.map(({ id }) => id)
}
