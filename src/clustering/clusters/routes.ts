import * as v from 'valibot'
import { USER } from '../../accounts/examples.ts'
import { problem } from '../../ground/http/problem.ts'
import { notFound } from '../../ground/http/problems.ts'
import { Id } from '../../ground/http/schemas.ts'
import { CONTENT, ITEM, JOB_ID } from '../../library/examples.ts'
import { noteJob } from '../../library/jobs/store.ts'
import { bumpLibrary } from '../../library/versions/store.ts'
import { route } from '../../route.ts'
import { clusterLibrary } from '../jobs.ts'
import { FULL_CLUSTER } from './examples.ts'
import {
  ClusterDetailAnswer,
  ClusterItemsQuery,
  ClusterListAnswer,
  ClusterListQuery,
  OwnedCluster,
  RebuildAnswer,
  RenameBody,
} from './schema.ts'
import { findCluster, hasLabel, listClusterItems, listClusters, renameCluster } from './store.ts'

const clusterNotFound = notFound('Cluster not found or does not belong to you')
const SAME_LABEL = 'Another of your clusters has this label'
const labelTaken = problem(409, 'LABEL_TAKEN', SAME_LABEL, {
  constraint: 'clusters_label_is_unique',
  field_errors: [{ loc: ['body', 'label'], msg: SAME_LABEL, type: 'unique' }],
})

const params = v.object({ id: Id })
const ONE_PAGE = { total: 1, limit: 50, offset: 0, has_more: false, next_cursor: null }
const { id, title, thumbnail_url, thumbnail_path } = CONTENT

const list = route(
  'GET /v1/clusters',
  {
    id: 'listClusters',
    tag: 'Clusters',
    summary: 'Groups of saves that belong together',
    description:
      'A page of the clusters that fit, each with its three most central items. A user has few: the first page nearly always holds all.',
    may: 'read',
    limit: 'clusters_read',
    cached: 'library',
    paged: 'number',
    query: ClusterListQuery,
    gives: {
      body: ClusterListAnswer,
      text: 'The clusters, the one that changed last first.',
      example: {
        clusters: [{ ...FULL_CLUSTER, sample_items: [{ id, title, thumbnail_url, thumbnail_path }] }],
        ...ONE_PAGE,
        limit: 100,
      },
    },
  },
  async ({ sql, query, user, page }) => {
    const { clusters, total } = await listClusters(sql, user.id, query, page.after)
    const { rows, paging } = page.of(clusters, ({ place }) => place)
    return { clusters: rows.map(({ place: _, ...cluster }) => cluster), total, ...paging }
  },
)

const get = route(
  'GET /v1/clusters/:id',
  {
    id: 'getCluster',
    tag: 'Clusters',
    summary: 'One group and its items',
    description: 'The cluster and a page of its items, archived ones included.',
    may: 'read',
    limit: 'clusters_read',
    cached: 'library',
    paged: 'number',
    params,
    query: ClusterItemsQuery,
    gives: {
      body: ClusterDetailAnswer,
      text: 'The cluster and its items, the oldest save first.',
      example: {
        cluster: { ...FULL_CLUSTER, item_count: 1, user_id: USER.id },
        items: [ITEM],
        total_items: 1,
        ...ONE_PAGE,
      },
    },
    problems: [clusterNotFound],
  },
  async ({ sql, params, query, user, page }) => {
    const cluster = await findCluster(sql, user.id, params.id)
    if (!cluster) throw clusterNotFound()
    const found = await listClusterItems(sql, user.id, params.id, query, page.after)
    const { rows, paging } = page.of(found, ({ place }) => place)
    const total = cluster.item_count
    return { cluster, items: rows.map(({ item }) => item), total_items: total, total, ...paging }
  },
)

const rename = route(
  'PATCH /v1/clusters/:id',
  {
    id: 'renameCluster',
    tag: 'Clusters',
    summary: 'Give a group a label of your own',
    description:
      'From then on the label is the user’s own: later runs find the cluster again and leave it alone.',
    may: 'write',
    limit: 'writes',
    params,
    body: RenameBody,
    example: { label: 'Weekend brunch' },
    gives: {
      body: OwnedCluster,
      text: 'The cluster with its new label.',
      example: { ...FULL_CLUSTER, label: 'Weekend brunch', user_id: USER.id },
    },
    problems: [clusterNotFound, labelTaken],
    audit: { of: 'cluster', actions: ['cluster'] },
  },
  async ({ tx, audit, params, body, user }) => {
    // Asked for now: where tables are spread, an error at the end says no more than that.
    const isTaken = await hasLabel(tx, user.id, body.label, params.id)
    const cluster = await renameCluster(tx, user.id, params.id, body.label)
    if (!cluster) throw clusterNotFound()
    if (isTaken) throw labelTaken()
    await bumpLibrary(tx, user.id)
    await audit(params.id, { fields: ['label'] })
    return cluster
  },
)

const rebuild = route(
  'POST /v1/clusters/rebuild',
  {
    id: 'rebuildClusters',
    tag: 'Clusters',
    summary: 'Group the whole library again',
    description:
      'Groups the whole library again in the background. One run waits at a time: asking again while it waits gives the same job.',
    may: 'write',
    limit: 'writes',
    once: true,
    gives: { status: 202, body: RebuildAnswer, text: 'The job that does it.', example: { job_id: JOB_ID } },
    audit: { of: 'library', actions: ['cluster'] },
  },
  async ({ tx, audit, user, context: { queue } }) => {
    await audit(undefined, { asked: 'rebuild' })
    const job_id = await queue.enqueue(tx, clusterLibrary, { user_id: user.id })
    await noteJob(tx, user.id, clusterLibrary.name, job_id)
    return { job_id }
  },
)

/** The groups of a library: listing, one with its items, renaming, and grouping again. */
export const clusterRoutes = [list, get, rename, rebuild]
