import { v7 as uuidv7 } from 'uuid'
import { route } from '../../../route.ts'
import { bumpLibrary } from '../../versions/store.ts'
import { BOOKMARK } from '../examples.ts'
import { findBookmark } from '../listing/store.ts'
import { bookmarkExists, bookmarkNotFound, contentNotFound, noSuchUser, notTheirs } from '../problems.ts'
import { WhoseQuery } from '../schema.ts'
import { keepBookmarks, keepContent, lockCollections, placeLoose } from '../store.ts'
import { asOwner, ownerOf } from '../whose.ts'
import { BookmarkAnswer, BookmarkChangeBody, BookmarkParams, NewBookmarkBody } from './schema.ts'
import { changeBookmark, deleteBookmarks, insertBookmark } from './store.ts'

const create = route(
  'POST /v1/bookmarks',
  {
    id: 'createBookmark',
    tag: 'Collections',
    summary: 'Bookmark a save or a work',
    description:
      'One of your own; it is in "Uncategorized" until it is put into another category. One that was deleted comes back, with its categories.',
    may: 'write',
    limit: 'writes',
    once: true,
    query: WhoseQuery,
    body: NewBookmarkBody,
    example: { content_id: BOOKMARK.content_id, content_source_type: 'items', note: BOOKMARK.note },
    gives: {
      status: 201,
      body: BookmarkAnswer,
      text: 'The bookmark.',
      example: BOOKMARK,
      location: ({ id }) => `/v1/bookmarks/${id}`,
    },
    problems: [contentNotFound, bookmarkExists, noSuchUser, notTheirs],
    audit: { of: 'bookmark', actions: ['bookmark_created'] },
  },
  ({ tx, user, query, body, audit }) => {
    const owner = ownerOf(user, query.user_id)
    return asOwner(tx, user, owner, async () => {
      const uncategorized = await lockCollections(tx, owner)
      const content = await keepContent(tx, owner, body.content_id)
      const { content_source_type = content?.content_source_type } = body
      if (!content || content.content_source_type !== content_source_type) throw contentNotFound()
      const id = await insertBookmark(tx, owner, uuidv7(), content, body)
      if (!id) throw bookmarkExists()
      await placeLoose(tx, owner, uncategorized, [id])
      await bumpLibrary(tx, owner)
      await audit(id, { content_id: body.content_id })
      return (await findBookmark(tx, owner, id))!
    })
  },
)

const getOne = route(
  'GET /v1/bookmarks/:id',
  {
    id: 'getBookmark',
    tag: 'Collections',
    summary: 'One bookmark',
    description: 'With what it is of.',
    may: 'read',
    limit: 'default',
    cached: 'library',
    params: BookmarkParams,
    gives: { body: BookmarkAnswer, text: 'The bookmark.', example: BOOKMARK },
    problems: [bookmarkNotFound],
  },
  async ({ sql, user, params: { id } }) => {
    const found = await findBookmark(sql, user.id, id)
    if (!found) throw bookmarkNotFound()
    return found
  },
)

const edit = route(
  'PUT /v1/bookmarks/:id',
  {
    id: 'editBookmark',
    tag: 'Collections',
    summary: 'Change a bookmark',
    description: 'Its note, and whether it is pinned or public. What is left out stays.',
    may: 'write',
    limit: 'writes',
    params: BookmarkParams,
    body: BookmarkChangeBody,
    example: { note: 'Seen twice', pinned: false },
    gives: {
      body: BookmarkAnswer,
      text: 'The bookmark as it is now.',
      example: { ...BOOKMARK, note: 'Seen twice', pinned: false },
    },
    problems: [bookmarkNotFound],
    aliases: ['PATCH /v1/bookmarks/:id'],
    audit: { of: 'bookmark', actions: ['bookmark_updated'] },
  },
  async ({ tx, user, params: { id }, body, audit }) => {
    await lockCollections(tx, user.id)
    await keepBookmarks(tx, user.id, [id])
    if (!(await changeBookmark(tx, user.id, id, body))) throw bookmarkNotFound()
    await bumpLibrary(tx, user.id)
    await audit(id, { fields: Object.keys(body) })
    return (await findBookmark(tx, user.id, id))!
  },
)

const remove = route(
  'DELETE /v1/bookmarks/:id',
  {
    id: 'deleteBookmark',
    tag: 'Collections',
    summary: 'Delete a bookmark',
    description:
      'What it is of stays. Bookmarking that again brings the bookmark back, as long as it is not dropped for good.',
    may: 'write',
    limit: 'writes',
    params: BookmarkParams,
    gives: { text: 'It is deleted. No body.' },
    problems: [bookmarkNotFound],
    audit: { of: 'bookmark', actions: ['bookmark_deleted'] },
  },
  async ({ tx, user, params: { id }, audit }) => {
    await lockCollections(tx, user.id)
    await keepBookmarks(tx, user.id, [id])
    if ((await deleteBookmarks(tx, user.id, [id])) === 0) throw bookmarkNotFound()
    await bumpLibrary(tx, user.id)
    await audit(id)
  },
)

export const bookmarkRoutes = [create, getOne, edit, remove]
