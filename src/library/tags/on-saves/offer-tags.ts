// What a content was understood to be about is offered to those who saved it, as tags of their saves.
import { v7 as uuidv7 } from 'uuid'
import * as v from 'valibot'
import type { Sql } from '../../../ground/database/connection.ts'
import { within } from '../../../ground/domain-events.ts'
import { contentReady, readySaved } from '../../events.ts'
import { bumpLibraries } from '../../versions/store.ts'
import { holdTags } from '../names/store.ts'
import { TagName } from '../names.ts'
import { addTagsOf, findOffered, findOffers, insertOffers, withdrawOffers } from './store.ts'

/**
 * @param userId to whom alone it is offered; left out: to all who saved it
 * @returns whose saves have other tags now
 */
async function offerTags(tx: Sql, contentId: string, userId?: string): Promise<string[]> {
  const names = (await findOffered(tx, contentId)).flatMap(name => {
    const read = v.safeParse(TagName, name)
    return read.success ? [read.output] : []
  })
  let offers = names.length > 0 ? await findOffers(tx, contentId, names, userId) : []
  const missing = offers.filter(({ tag_id }) => tag_id === null)
  if (missing.length > 0) {
    await addTagsOf(
      tx,
      missing.map(({ user_id, name }) => ({ id: uuidv7(), owner_id: user_id, name })),
    )
    offers = await findOffers(tx, contentId, names, userId)
  }
  const tagIds = [...new Set(offers.flatMap(({ tag_id }) => tag_id ?? []))]
  // Who removes a tag waits for saves, which are locked here.
  const held = await holdTags(tx, tagIds, false)
  const known = offers.flatMap(({ user_id, save_id, tag_id }) =>
    tag_id !== null && held.has(tag_id) ? [{ user_id, save_id, tag_id }] : [],
  )
  const fewer = await withdrawOffers(tx, contentId, known, userId)
  return [...new Set([...fewer, ...(await insertOffers(tx, known))])]
}

/** At each reading, for all who saved it; and for who saves it when it is READY. */
export const offerListeners = [
  within(contentReady, async (tx, { content_id, is_other }) => {
    const changed = await offerTags(tx, content_id)
    // Where the content is another one their libraries are at a new version anyway.
    if (!is_other) await bumpLibraries(tx, changed)
  }),
  within(readySaved, (tx, { user_id, content_id }) => offerTags(tx, content_id, user_id)),
]
