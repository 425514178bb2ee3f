import * as v from 'valibot'
import type { Sql } from '../../ground/database/connection.ts'
import { atOneMoment } from '../../ground/database/together.ts'
import { emit } from '../../ground/domain-events.ts'
import { problem } from '../../ground/http/problem.ts'
import { notFound } from '../../ground/http/problems.ts'
import { requestId } from '../../ground/http/request.ts'
import { Id } from '../../ground/http/schemas.ts'
import { route } from '../../route.ts'
import { countAgain } from '../contents/store.ts'
import { copyContents } from '../copies/store.ts'
import { readySaved } from '../events.ts'
import { CONTENT, CONTENT_DETAIL, SAVE, SAVE_DETAIL } from '../examples.ts'
import { findItemDetail } from '../items/store.ts'
import { noteChain } from '../jobs/store.ts'
import { bumpLibrary } from '../versions/store.ts'
import { EmptiedAnswer, RestoredAnswer, TrashAnswer, TrashQuery } from './schema.ts'
import {
  countTrash,
  dropTrashed,
  emptyTrash,
  findNewest,
  findTrashed,
  listTrash,
  restoreSave,
  takeFromTrash,
} from './store.ts'

const params = v.object({ id: Id })

/** What one transaction removes for good. */
const THINGS_A_STEP = 1000

const notInTrash = notFound('There is no such thing in your trash')
const savedAgain = problem(409, 'SAVED_AGAIN', 'Another of your saves has this content by now', {
  constraint: 'user_content_saves_saved_once',
})

const list = route(
  'GET /v1/trash',
  {
    id: 'listTrash',
    tag: 'Trash',
    summary: 'What you removed, and may have back',
    description: 'The newest first. After TRASH_DAYS it goes for good.',
    may: 'read',
    limit: 'items_read',
    paged: 'time',
    query: TrashQuery,
    gives: {
      body: TrashAnswer,
      text: 'A page of the trash.',
      example: {
        items: [
          {
            id: SAVE.id,
            kind: 'save',
            title: CONTENT.title,
            url: CONTENT.url,
            deleted_at: '2026-01-16T08:00:00.000Z',
            expires_at: '2026-02-15T08:00:00.000Z',
          },
        ],
        total: 1,
        limit: 20,
        offset: 0,
        has_more: false,
        next_cursor: null,
      },
    },
  },
  async ({ sql, user, page, context: { config } }) => {
    const [found, total] = await atOneMoment(sql, sql => [
      listTrash(sql, user.id, page, config.TRASH_DAYS),
      countTrash(sql, user.id),
    ])
    const { rows, paging } = page.of(found, ({ deleted_at }) => deleted_at)
    return { items: rows, total, ...paging }
  },
)

const restore = route(
  'POST /v1/trash/:id/restore',
  {
    id: 'restoreFromTrash',
    tag: 'Trash',
    summary: 'Take something out of the trash',
    description:
      'It is as it was, with its id, dates, note, tags and own words; a save joins the group that is nearest now.',
    may: 'write',
    limit: 'writes',
    params,
    gives: {
      body: RestoredAnswer,
      text: 'It is back. A save is shown as its item is.',
      example: { id: SAVE.id, kind: 'save', save: SAVE_DETAIL, content: CONTENT_DETAIL },
    },
    problems: [notInTrash, savedAgain],
    audit: { of: 'trash', actions: ['trash_restored'] },
  },
  async ({ tx, user, params: { id }, request, context, audit }) => {
    const kind = (await findTrashed(tx, user.id, id))?.kind
    if (!kind) throw notInTrash()
    await audit(id, { kind })
    if (kind !== 'save') {
      if (!(await takeFromTrash(tx, user.id, id))) throw notInTrash()
      await bumpLibrary(tx, user.id)
      return { id, kind }
    }
    const content = (await countContent(tx, user.id, id)) ?? (await countContent(tx, user.id, id))
    if (!content || !(await restoreSave(tx, user.id, id, content))) throw notInTrash()
    const ofUser = { user_id: user.id, content_id: content.id }
    await copyContents(tx, [ofUser])
    const isReady = content.status === 'READY'
    if (isReady) await emit(tx, context, readySaved, { ...ofUser, save_id: id })
    await bumpLibrary(tx, user.id, isReady ? 1 : 0)
    if (!isReady) {
      const asker = { user_id: user.id, request_id: requestId(request) }
      const run = { content_id: content.id, attempt: content.attempt }
      await noteChain(tx, run, asker, { isForAll: false })
    }
    const { edits: _, ...item } = (await findItemDetail(tx, user.id, id))!
    return { id, kind, ...item }
  },
)

/** Undefined where the content became another one after it was looked up, of which the trash knows by then. */
async function countContent(tx: Sql, userId: string, id: string) {
  const content_id = (await findTrashed(tx, userId, id))?.content_id
  return content_id ? countAgain(tx, content_id) : undefined
}

const drop = route(
  'DELETE /v1/trash/:id',
  {
    id: 'deleteFromTrash',
    tag: 'Trash',
    summary: 'Remove something for good',
    description: 'Of a save, the note, tags and own words go; the content stays for those who saved it too.',
    may: 'write',
    limit: 'writes',
    params,
    gives: { text: 'It is gone for good. No body.' },
    problems: [notInTrash],
    audit: { of: 'trash', actions: ['trash_deleted'] },
  },
  async ({ tx, user, params: { id }, audit }) => {
    if (!(await dropTrashed(tx, user.id, id))) throw notInTrash()
    await audit(id)
  },
)

const empty = route(
  'DELETE /v1/trash',
  {
    id: 'emptyTrash',
    tag: 'Trash',
    summary: 'Empty the trash',
    description: 'All that lay there when you asked goes for good.',
    may: 'write',
    limit: 'writes',
    gives: {
      status: 200,
      body: EmptiedAnswer,
      text: 'It is empty.',
      example: { deleted: 12 },
    },
    audit: { of: 'trash', actions: ['trash_emptied'] },
  },
  {
    // In steps, so that no transaction holds thousands of rows. One that dies between two has told nobody that it is done.
    prepare: async ({ sql, user, audit }) => {
      await audit(undefined)
      const until = await findNewest(sql, user.id)
      let deleted = 0
      for (let gone = THINGS_A_STEP; until && gone === THINGS_A_STEP; deleted += gone) {
        gone = await emptyTrash(sql, user.id, until, THINGS_A_STEP)
      }
      return deleted
    },
    handle: async ({ prepared: deleted }) => ({ deleted }),
  },
)

export const trashRoutes = [list, restore, drop, empty]
