import { v7 as uuidv7 } from 'uuid'
import type { Sql } from '../../../ground/database/connection.ts'
import { emit } from '../../../ground/domain-events.ts'
import { requestId } from '../../../ground/http/request.ts'
import { route } from '../../../route.ts'
import { isShareable } from '../../contents/is-shareable.ts'
import { countSaves, uncountSave } from '../../contents/store.ts'
import { tellSavers } from '../../copies/store.ts'
import { contentWanted, readySaved } from '../../events.ts'
import { SAVE } from '../../examples.ts'
import { noteChain } from '../../jobs/store.ts'
import { normaliseUrl } from '../../links/normalise-url.ts'
import { findContentsOf } from '../../links/store.ts'
import { bumpLibrary, bumpSavers } from '../../versions/store.ts'
import { BatchAnswer, BatchBody, type BatchResult } from '../schema.ts'
import { findSavesOf, insertSaves } from '../store.ts'
import { type BatchItem, planBatch, shownUrl } from './plan-batch.ts'

/** In bytes: a hundred links with their notes. */
const LARGEST_BATCH = 1024 * 1024

const INVALID = 'Invalid URL format or unsupported platform'

/**
 * Many saves in one request, and one transaction, so that an Idempotency-Key covers all of them. What cannot be
 * saved is known before anything is written; only a save of the same link by the same user at the same moment is
 * met on the way, and taken off the count again.
 */
export const saveItems = route(
  'POST /v1/items/batch',
  {
    id: 'saveItems',
    tag: 'Items',
    summary: 'Save up to 100 links',
    description:
      'Each link has a result of its own: one that cannot be saved does not stop the rest. The limit counts links, not requests; when they do not all fit, the answer is 429 and nothing is saved. The body may have 1 MiB.',
    may: 'save',
    limit: 'items_batch',
    counts: ({ items }) => items.length,
    once: true,
    body: BatchBody,
    largest_body: LARGEST_BATCH,
    example: {
      items: [
        { url: 'https://youtu.be/dQw4w9WgXcQ', raw_share_text: 'Must try this weekend' },
        { url: 'https://example.com/nothing-we-read' },
      ],
    },
    gives: {
      body: BatchAnswer,
      text: 'A result for each item of the request, in its order.',
      example: {
        results: [
          { url: 'https://youtu.be/dQw4w9WgXcQ', status: 'saved', save_id: SAVE.id },
          { url: 'https://example.com/nothing-we-read', status: 'invalid', detail: INVALID },
        ],
      },
    },
    audit: { of: 'save', actions: ['save'] },
  },
  async ({ tx, audit, body, user, request, context }) => {
    const { config } = context
    const plan = planBatch(
      body.items,
      body.items.map(({ url }) => normaliseUrl(url, config)),
    )
    const saved = await findSaved(tx, user.id, plan.hashes)
    const fresh = plan.links.filter(({ link }) => !saved.has(link.url_hash))
    // All contents are locked before the first save is written: the order of locks everywhere.
    const contents = await countSaves(
      tx,
      fresh.map(({ link }) => ({ link, is_shareable: isShareable(link, config) })),
    )
    const counted = fresh.map(({ item, link }, at) => {
      const content = contents[at]!
      return {
        item,
        link,
        content,
        save: { id: uuidv7(), content, raw_share_text: item.raw_share_text ?? null },
      }
    })
    const restarted = counted.filter(({ content }) => content.restarts).map(({ content }) => content.id)
    if (restarted.length > 0) await tellSavers(tx, restarted)
    const asker = { user_id: user.id, request_id: requestId(request) }
    const made = new Set<BatchItem>()
    let readyCount = 0
    const added = await insertSaves(
      tx,
      user.id,
      counted.map(({ save }) => save),
    )
    for (const { item, link, content, save } of counted) {
      const save_id = added.get(save.id)
      if (save_id === undefined) {
        await uncountSave(tx, content.id)
        const other = (await findSavesOf(tx, user.id, [content.id])).get(content.id)
        if (other) saved.set(link.url_hash, other)
        continue
      }
      made.add(item)
      saved.set(link.url_hash, save_id)
      if (content.status === 'READY') {
        readyCount++
        const placed = { user_id: user.id, save_id, content_id: content.id }
        await emit(tx, context, readySaved, placed)
      }
      await audit(save_id, { content_id: content.id })
      const run = { content_id: content.id, attempt: content.attempt }
      if (content.status !== 'READY') await noteChain(tx, run, asker, { isForAll: content.restarts })
      if (!content.starts) continue
      const wanted = { ...run, platform: content.source_platform, ...asker }
      await emit(tx, context, contentWanted, wanted)
    }
    if (made.size > 0) await bumpLibrary(tx, user.id, readyCount)
    if (restarted.length > 0) await bumpSavers(tx, restarted)
    const results = body.items.map((item): BatchResult => {
      const hash = plan.hashOf.get(item)
      if (!hash) return { url: shownUrl(item), status: 'invalid', detail: INVALID }
      const save_id = saved.get(hash)
      if (made.has(item)) return { url: shownUrl(item), status: 'saved', ...(save_id ? { save_id } : {}) }
      const detail = 'You have already saved this content'
      return { url: shownUrl(item), status: 'duplicate', ...(save_id ? { save_id } : {}), detail }
    })
    return { results }
  },
)

/** Which of these links a user has saved, each with its save. */
async function findSaved(sql: Sql, userId: string, hashes: string[]): Promise<Map<string, string>> {
  const contentOf = await findContentsOf(sql, hashes)
  const saveOf = await findSavesOf(sql, userId, [...contentOf.values()])
  return new Map([...contentOf].flatMap(([hash, id]) => (saveOf.has(id) ? [[hash, saveOf.get(id)!]] : [])))
}
