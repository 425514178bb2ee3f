import * as v from 'valibot'
import { nameSchemas } from '../../../ground/http/openapi/named-schemas.ts'
import { invalidField } from '../../../ground/http/problems.ts'
import { route } from '../../../route.ts'
import { TAG_DETAIL } from '../examples.ts'
import { TagName } from '../names.ts'
import { notYourTag, tagNameTaken, tagNotFound, tagNotShared, tagTooDeep } from '../problems.ts'
import { detailOf } from '../routes.ts'
import { tagToChange } from '../rules.ts'
import { TagDetailAnswer, TagId, TagParams } from '../schema.ts'
import { findTagNamed, lockTag } from '../store.ts'
import { lockTrees } from '../tree/store.ts'
import { mergeTags } from './merge-tags.ts'
import { insertAlias } from './store.ts'

const AliasBody = v.object({ name: TagName })
const MergeBody = v.object({ into: TagId })
nameSchemas({ TagAlias: AliasBody, TagMerge: MergeBody })

const intoItself = invalidField('A tag cannot be merged into itself', ['body', 'into'], 'into_itself')

const addAlias = route(
  'POST /v1/tags/:id/aliases',
  {
    id: 'addTagAlias',
    tag: 'Tags',
    summary: 'Give a tag another name',
    description: 'Who writes the other name means this tag.',
    may: 'write',
    limit: 'writes',
    params: TagParams,
    body: AliasBody,
    example: { name: 'Late breakfast' },
    gives: { status: 201, body: TagDetailAnswer, text: 'The tag.', example: TAG_DETAIL },
    problems: [tagNotFound, notYourTag, tagNameTaken],
    audit: { of: 'tag', actions: ['tag_alias_added'] },
  },
  async ({ tx, user, params, body, audit }) => {
    const tag = await tagToChange(tx, user, params.id)
    const isFree = (await findTagNamed(tx, user.id, body.name)) === undefined
    if (!isFree || !(await insertAlias(tx, tag.id, body.name, tag.owner_id))) throw tagNameTaken()
    await audit(tag.id)
    return detailOf(tx, user.id, tag.id)
  },
)

const merge = route(
  'POST /v1/tags/:id/merge',
  {
    id: 'mergeTags',
    tag: 'Tags',
    summary: 'Merge a tag into another one',
    description:
      'What has the tag gets the other one, with ratings, favourites and places in the trees; its name leads to the other one from then on. Your own go into your own or shared ones; admins merge shared ones.',
    may: 'write',
    limit: 'writes',
    params: TagParams,
    body: MergeBody,
    example: { into: TAG_DETAIL.id },
    gives: { body: TagDetailAnswer, text: 'The tag that is left.', example: TAG_DETAIL },
    problems: [tagNotFound, notYourTag, tagNotShared, tagTooDeep, intoItself],
    audit: { of: 'tag', actions: ['tag_merged'] },
  },
  async ({ tx, user, params, body, audit }) => {
    if (params.id === body.into) throw intoItself()
    await lockTrees(tx)
    const from = await tagToChange(tx, user, params.id)
    const into = await lockTag(tx, user.id, body.into)
    if (!into) throw tagNotFound()
    await mergeTags(tx, from, into)
    await audit(from.id, { into: into.id })
    return detailOf(tx, user.id, into.id)
  },
)

/** One tag under several names. */
export const mergeRoutes = [addAlias, merge]
