import { v7 as uuidv7 } from 'uuid'
import { together } from '../../ground/database/together.ts'
import { emit } from '../../ground/domain-events.ts'
import { requestId } from '../../ground/http/request.ts'
import { route } from '../../route.ts'
import type { Status } from '../../vocabulary.ts'
import { isShareable } from '../contents/is-shareable.ts'
import { type CountedContent, countSaves } from '../contents/store.ts'
import { tellSavers } from '../copies/store.ts'
import { contentWanted, readySaved } from '../events.ts'
import { JOB_ID, NEW_SAVE, PENDING_CONTENT } from '../examples.ts'
import { noteChain } from '../jobs/store.ts'
import { normaliseUrl } from '../links/normalise-url.ts'
import { alreadySaved } from '../problems.ts'
import { bumpLibrary, bumpSavers } from '../versions/store.ts'
import { saveItems } from './batch/routes.ts'
import { editRoutes } from './edit/routes.ts'
import { listRoutes } from './lists/routes.ts'
import { refusedLink, unsupportedLink } from './refused-link.ts'
import { SaveBody, SavedAnswer } from './schema.ts'
import { findItem, findSavesOf, insertSaves } from './store.ts'

const MESSAGES: Record<Status, string> = {
  PENDING: 'Content is being processed.',
  PROCESSING: 'Content is being processed.',
  FAILED: 'Content is being processed.',
  READY: 'Content already processed and ready to view!',
}

const saveItem = route(
  'POST /v1/items',
  {
    id: 'saveItem',
    tag: 'Items',
    summary: 'Save a link',
    description:
      'Takes a link to an Instagram post, a YouTube video or any public page, in any of its spellings. The link is read once, whoever saved it: the job that does so is named in `job_id`, and `GET /v1/jobs/{id}` says how far it is. What lies in your trash comes back from there, with its id, tags and note; a note that is sent now replaces that.',
    may: 'save',
    limit: 'items_write',
    once: true,
    body: SaveBody,
    example: {
      url: 'https://www.youtube.com/watch?v=dQw4w9WgXcQ&utm_source=share',
      raw_share_text: 'Must try this weekend',
    },
    gives: {
      status: 201,
      body: SavedAnswer,
      text: 'The save and what is known of its content until now.',
      example: {
        save: NEW_SAVE,
        content: PENDING_CONTENT,
        message: 'Content saved successfully. Processing has been queued.',
        job_id: JOB_ID,
      },
      location: ({ save }) => `/v1/items/${save.id}`,
    },
    problems: [alreadySaved, unsupportedLink],
    audit: { of: 'save', actions: ['save'] },
  },
  {
    prepare: async ({ body, context: { config } }) => {
      const link = normaliseUrl(body.url, config)
      if (!link) throw refusedLink(config)
      return link
    },
    handle: async ({ tx, audit, body, user, request, context, prepared: link }) => {
      const is_shareable = isShareable(link, context.config)
      const [content] = (await countSaves(tx, [{ link, is_shareable }])) as [CountedContent]
      const save = { id: uuidv7(), content, raw_share_text: body.raw_share_text ?? null }
      const saveId = (await insertSaves(tx, user.id, [save])).get(save.id)
      if (saveId === undefined) {
        const existing = (await findSavesOf(tx, user.id, [content.id])).get(content.id)
        throw alreadySaved(existing ? { existing_save_id: existing } : {})
      }
      if (content.restarts) await tellSavers(tx, [content.id])
      const isReady = content.status === 'READY'
      const run = { content_id: content.id, attempt: content.attempt }
      const asker = { user_id: user.id, request_id: requestId(request) }
      const wanted = { ...run, platform: content.source_platform, ...asker }
      const placing = { user_id: user.id, save_id: saveId, content_id: content.id }
      // Before the library is locked, and the item is read: it offers tags.
      if (isReady) await emit(tx, context, readySaved, placing)
      const [item] = await together(
        findItem(tx, user.id, saveId),
        isReady ? undefined : noteChain(tx, run, asker, { isForAll: content.restarts }),
        // A content that starts again changes for all who saved it.
        content.restarts ? bumpSavers(tx, [content.id]) : bumpLibrary(tx, user.id, isReady ? 1 : 0),
        audit(saveId, { content_id: content.id }),
        content.starts ? emit(tx, context, contentWanted, wanted) : undefined,
      )
      const message = content.starts
        ? 'Content saved successfully. Processing has been queued.'
        : MESSAGES[content.status]
      return { ...item!, message, job_id: isReady ? null : content.attempt }
    },
  },
)

/** Saving, listing, editing and removing. One item with its cluster and neighbours is in clustering/item. */
export const itemRoutes = [saveItem, saveItems, ...listRoutes, ...editRoutes]
