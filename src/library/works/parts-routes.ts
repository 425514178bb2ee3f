// One thing about a save or a work, each at an address of its own.
import * as v from 'valibot'
import { isAdmin } from '../../accounts/users/rules.ts'
import { overUsers } from '../../ground/database/row-security.ts'
import { forbidden } from '../../ground/http/problems.ts'
import { Id } from '../../ground/http/schemas.ts'
import { route } from '../../route.ts'
import { findContent } from '../content/rows/store.ts'
import { ContentDetail } from '../content/schema.ts'
import { keptSave } from '../items/store.ts'
import { rateContents, unrateContent } from '../ratings/store.ts'
import { holdTagsNamed } from '../tags/names/store.ts'
import { tagIdsOf } from '../tags/names.ts'
import { bumpLibrary } from '../versions/store.ts'
import { WORK_DETAIL } from './examples.ts'
import { changed, contentNotFound, type LockedContent, lockContent } from './own-content.ts'
import { QualityBody, RatingBody, TagsBody, VisibilityBody } from './schema.ts'
import { editSharing, editWork, setTags } from './store.ts'

const params = v.object({ id: Id })

const edits = { save: editSharing, work: editWork } satisfies Record<LockedContent['kind'], unknown>

const setQuality = route(
  'PUT /v1/content/:id/quality',
  {
    // An admin's is of another user's content.
    reaches: 'everybody',
    id: 'setContentQuality',
    tag: 'Content',
    summary: 'Say how good a save or a work is',
    description: 'Its owner may, and an admin of what is public.',
    may: 'write',
    limit: 'writes',
    params,
    body: QualityBody,
    example: { quality_score: 0.85 },
    gives: { body: ContentDetail, text: 'It as it is now.', example: WORK_DETAIL },
    problems: [contentNotFound],
    audit: { of: 'content', actions: ['content_quality_set'] },
  },
  {
    prepare: ({ sql, user, params }) => keptSave(sql, user.id, params.id),
    handle: async ({ tx, user, body, set, audit, prepared: id }) => {
      const found = await findContent(tx, user.id, id)
      if (!found) throw contentNotFound()
      const isOwn = found.user_id === user.id
      if (!isOwn && !isAdmin(user)) {
        throw forbidden({ detail: 'Only its owner or an admin may say how good it is' })
      }
      const content = await lockContent(tx, found.user_id, id)
      await edits[content.kind](tx, found.user_id, content, body)
      await audit(id)
      if (isOwn) return changed(tx, user.id, id, set)
      await bumpLibrary(tx, found.user_id)
      return { ...found.content, ...body }
    },
  },
)

const rate = route(
  'PUT /v1/content/:id/rating',
  {
    id: 'rateContent',
    tag: 'Content',
    summary: 'Rate a save or a work',
    description: 'Of yours, or of what is public. Nobody else is shown it.',
    may: 'write',
    limit: 'writes',
    params,
    body: RatingBody,
    example: { rating: 4.5 },
    gives: { body: ContentDetail, text: 'It with your rating.', example: WORK_DETAIL },
    problems: [contentNotFound],
    audit: { of: 'content', actions: ['content_rated'] },
  },
  {
    prepare: ({ sql, user, params }) => keptSave(sql, user.id, params.id),
    handle: async ({ tx, user, body, audit, prepared: id }) => {
      const found = await overUsers(tx, () => findContent(tx, user.id, id))
      if (!found) throw contentNotFound()
      await rateContents(tx, user.id, [{ content_id: id, rating: body.rating }])
      await bumpLibrary(tx, user.id)
      await audit(id)
      return { ...found.content, user_rating: body.rating }
    },
  },
)

const unrate = route(
  'DELETE /v1/content/:id/rating',
  {
    id: 'unrateContent',
    tag: 'Content',
    summary: 'Take a rating back',
    description: 'Where there is none, nothing changes.',
    may: 'write',
    limit: 'writes',
    params,
    gives: { text: 'There is none now. No body.' },
    problems: [contentNotFound],
    audit: { of: 'content', actions: ['content_unrated'] },
  },
  {
    prepare: ({ sql, user, params }) => keptSave(sql, user.id, params.id),
    handle: async ({ tx, user, audit, prepared: id }) => {
      // What has become private is not to be rated any more, but a rating of it can be taken back.
      const isGone = await unrateContent(tx, user.id, id)
      if (!isGone && !(await overUsers(tx, () => findContent(tx, user.id, id)))) throw contentNotFound()
      if (!isGone) return
      await bumpLibrary(tx, user.id)
      await audit(id)
    },
  },
)

const setTagsRoute = route(
  'PUT /v1/content/:id/tags',
  {
    id: 'setContentTags',
    tag: 'Content',
    summary: 'Say which tags a save or a work has',
    description:
      'They take the place of those that you gave it; an empty list takes all away. A name is a shared tag where there is one of it, whatever its case and accents, else a tag of your own.',
    may: 'write',
    limit: 'writes',
    guarded: true,
    params,
    body: TagsBody,
    example: { names: ['travel'] },
    gives: { body: ContentDetail, text: 'It as it is now.', example: WORK_DETAIL },
    problems: [contentNotFound],
    audit: { of: 'content', actions: ['content_tagged'] },
  },
  {
    prepare: ({ sql, user, params }) => keptSave(sql, user.id, params.id),
    handle: async ({ tx, user, body, request, set, audit, prepared: id }) => {
      await holdTagsNamed(tx, user.id, body.names)
      const content = await lockContent(tx, user.id, id, request.headers.get('if-match'))
      await setTags(tx, user.id, content, await tagIdsOf(tx, user.id, body.names))
      await edits[content.kind](tx, user.id, content, {})
      await audit(id)
      return changed(tx, user.id, id, set)
    },
  },
)

const setVisibility = route(
  'PUT /v1/content/:id/visibility',
  {
    id: 'setContentVisibility',
    tag: 'Content',
    summary: 'Show a save or a work to others, or to nobody',
    description:
      'Public, it stands in what others list and open, with your username and the tags that you gave it. Of a save they see its page, and neither your note nor your title.',
    may: 'write',
    limit: 'writes',
    guarded: true,
    params,
    body: VisibilityBody,
    example: { is_public: false },
    gives: { body: ContentDetail, text: 'It as it is now.', example: WORK_DETAIL },
    problems: [contentNotFound],
    audit: { of: 'content', actions: ['content_published', 'content_unpublished'] },
  },
  {
    prepare: ({ sql, user, params }) => keptSave(sql, user.id, params.id),
    handle: async ({ tx, user, body, request, set, audit, prepared: id }) => {
      const content = await lockContent(tx, user.id, id, request.headers.get('if-match'))
      await edits[content.kind](tx, user.id, content, body)
      await audit(id, {}, { action: body.is_public ? 'content_published' : 'content_unpublished' })
      return changed(tx, user.id, id, set)
    },
  },
)

export const partRoutes = [setQuality, rate, unrate, setTagsRoute, setVisibility]
