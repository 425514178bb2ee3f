import { atOneMoment } from '../../../ground/database/together.ts'
import { route } from '../../../route.ts'
import { JOB_ID } from '../../examples.ts'
import { noteJob } from '../../jobs/store.ts'
import { PARENT_TAG, TAG } from '../examples.ts'
import { refreshTagHierarchy } from '../jobs.ts'
import { listPopular } from '../popular/store.ts'
import { notYourTag, tagCycle, tagNotFound, tagNotShared, tagTooDeep } from '../problems.ts'
import { tagToChange } from '../rules.ts'
import { lockTag } from '../store.ts'
import { linkTags } from './link.ts'
import {
  EdgeBody,
  EdgeQuery,
  HierarchyAnswer,
  HierarchyQuery,
  RefreshAnswer,
  StatisticsAnswer,
} from './schema.ts'
import {
  countTrees,
  deleteEdge,
  lastEdge,
  listNodes,
  lockTrees,
  rewriteClosure,
  withDescendants,
} from './store.ts'

const EDGE = { parent_id: PARENT_TAG.id, child_id: TAG.id }
const MOST_USED = 10

const getHierarchy = route(
  'GET /v1/tags/hierarchy',
  {
    id: 'getTagHierarchy',
    tag: 'Tags',
    summary: 'All tags and what they stand beneath',
    description: 'Shared tags and your own, by name.',
    may: 'read',
    limit: 'default',
    query: HierarchyQuery,
    gives: {
      body: HierarchyAnswer,
      text: 'The trees.',
      example: {
        nodes: [{ id: TAG.id, name: TAG.name, is_shared: false, parents: [PARENT_TAG.id] }],
        metadata: {
          total_nodes: 1,
          total_relationships: 1,
          root_tags: 0,
          last_updated: TAG.created_at,
        },
      },
    },
  },
  async ({ sql, user, query }) => {
    const [nodes, last_updated] = await atOneMoment(sql, sql => [
      listNodes(sql, user.id),
      lastEdge(sql, user.id),
    ])
    return {
      nodes: nodes.map(({ average_rating, rating_count, ...node }) =>
        query.include_ratings ? { ...node, average_rating, rating_count } : node,
      ),
      metadata: {
        total_nodes: nodes.length,
        total_relationships: nodes.reduce((sum, { parents }) => sum + parents.length, 0),
        root_tags: nodes.filter(({ parents }) => parents.length === 0).length,
        last_updated,
      },
    }
  },
)

const link = route(
  'POST /v1/tags/hierarchy',
  {
    id: 'linkTags',
    tag: 'Tags',
    summary: 'Put a tag beneath another one',
    description:
      'A tag may stand beneath several, but not beneath itself, and no tree has more than 16 levels beneath its root. Your own tags stand beneath your own or shared ones; admins put shared ones beneath shared ones.',
    may: 'write',
    limit: 'writes',
    body: EdgeBody,
    example: EDGE,
    gives: { status: 201, body: EdgeBody, text: 'It stands there.', example: EDGE },
    problems: [tagNotFound, notYourTag, tagCycle, tagTooDeep, tagNotShared],
    audit: { of: 'tag', actions: ['tag_linked'] },
  },
  async ({ tx, user, body, audit }) => {
    await lockTrees(tx)
    const child = await tagToChange(tx, user, body.child_id)
    const parent = await lockTag(tx, user.id, body.parent_id)
    if (!parent) throw tagNotFound()
    await linkTags(tx, parent, child)
    await audit(child.id, { parent_id: parent.id })
    return body
  },
)

const unlink = route(
  'DELETE /v1/tags/hierarchy',
  {
    id: 'unlinkTags',
    tag: 'Tags',
    summary: 'Take a tag from beneath another one',
    description: 'Both stay, with all that stands beneath them.',
    may: 'write',
    limit: 'writes',
    query: EdgeQuery,
    gives: { text: 'It does not stand there any more. No body.' },
    problems: [tagNotFound, notYourTag],
    audit: { of: 'tag', actions: ['tag_unlinked'] },
  },
  async ({ tx, user, query, audit }) => {
    await lockTrees(tx)
    const child = await tagToChange(tx, user, query.child_id)
    if (!(await deleteEdge(tx, query))) throw tagNotFound()
    await rewriteClosure(tx, await withDescendants(tx, [child.id]))
    await audit(child.id, { parent_id: query.parent_id })
  },
)

const refresh = route(
  'POST /v1/tags/hierarchy/refresh',
  {
    id: 'refreshTagHierarchy',
    tag: 'Tags',
    summary: 'Work out anew which tags stand beneath which',
    description:
      'It follows every change by itself; this is for who does not trust it. One run waits at a time.',
    may: 'write',
    limit: 'writes',
    once: true,
    gives: { status: 202, body: RefreshAnswer, text: 'The job that does it.', example: { job_id: JOB_ID } },
    audit: { of: 'tag', actions: ['tags_refreshed'] },
  },
  async ({ tx, user, audit, context: { queue } }) => {
    await audit(undefined)
    const job_id = await queue.enqueue(tx, refreshTagHierarchy, { user_id: user.id })
    await noteJob(tx, user.id, refreshTagHierarchy.name, job_id)
    return { job_id }
  },
)

const statistics = route(
  'GET /v1/tags/statistics',
  {
    id: 'getTagStatistics',
    tag: 'Tags',
    summary: 'What the tags come to',
    description: 'Of shared tags and your own. How often they are used is counted daily.',
    may: 'read',
    limit: 'default',
    gives: {
      body: StatisticsAnswer,
      text: 'The counts.',
      example: {
        total_tags: 2,
        shared_tags: 1,
        own_tags: 1,
        root_tags: 1,
        orphan_tags: 0,
        total_relationships: 1,
        max_depth: 1,
        most_used: [{ id: TAG.id, name: TAG.name, cardinality: 12 }],
      },
    },
  },
  async ({ sql, user }) => {
    const [counts, most_used] = await atOneMoment(sql, sql => [
      countTrees(sql, user.id),
      listPopular(sql, user.id, { limit: MOST_USED, min_cardinality: 1 }),
    ])
    return { ...counts, own_tags: counts.total_tags - counts.shared_tags, most_used }
  },
)

export const treeRoutes = [getHierarchy, link, unlink, refresh, statistics]
