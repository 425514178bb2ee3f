import { Elysia } from 'elysia'
import postgres from 'postgres'
import * as v from 'valibot'
import { clusterLibrary } from '#jobs/cluster-library'
import { auth } from '../../accounts/auth.ts'
import type { Context } from '../../context.ts'
import { notFound, Problem } from '../../errors.ts'
import { isNotModified, notModified } from '../../http/conditional.ts'
import { idempotent, setOutcome } from '../../http/idempotency.ts'
import { answers } from '../../http/openapi.ts'
import { decodeCursor, toPage } from '../../http/paging.ts'
import { Id } from '../../http/schemas.ts'
import { noteClustering } from '../../library/jobs/store.ts'
import { bumpLibrary } from '../../library/versions/store.ts'
import { audit } from '../../operations/audit/store.ts'
import {
  ClusterDetailAnswer,
  ClusterItemsQuery,
  ClusterListAnswer,
  ClusterListQuery,
  OwnedCluster,
  RebuildAnswer,
  RenameBody,
} from './schema.ts'
import { findCluster, listClusterItems, listClusters, renameCluster } from './store.ts'

const notYours = () => notFound('Cluster not found or does not belong to you')

const isLabelTaken = (error: unknown): boolean =>
  error instanceof postgres.PostgresError && error.constraint_name === 'clusters_label_is_unique'

const labelTaken = () => {
  const msg = 'Another of your clusters has this label'
  return new Problem(409, 'LABEL_TAKEN', msg, {
    field_errors: [{ loc: ['body', 'label'], msg, type: 'unique' }],
  })
}

/** The groups that clustering found. */
export function clusterRoutes(context: Context) {
  const { sql } = context.database

  return new Elysia({ prefix: '/v1/clusters', tags: ['Clusters'] })
    .use(auth(context))
    .get(
      '',
      async ({ query, user, request, set }) => {
        const { cluster_type, min_items, sort_by, sort_order } = query
        const list = [user.id, 'clusters', cluster_type, min_items, sort_by, sort_order]
        const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, 'number', list)
        if (isNotModified(request, set, user)) return notModified() as never
        const { clusters, total } = await listClusters(sql, user.id, query, after)
        const { rows, paging } = toPage(clusters, query, list, { request, set }, ({ place }) => place)
        return { clusters: rows.map(({ place: _, ...cluster }) => cluster), total, ...paging }
      },
      {
        auth: 'clusters_read',
        query: ClusterListQuery,
        response: answers({ 200: ClusterListAnswer }, [304, 400, 401, 422]),
        detail: { operationId: 'listClusters', summary: 'Groups of saves that belong together' },
      },
    )
    .get(
      '/:id',
      async ({ params, query, user, request, set }) => {
        const list = [user.id, 'cluster', params.id, query.sort_by, query.sort_order]
        const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, 'number', list)
        if (isNotModified(request, set, user)) return notModified() as never
        const cluster = await findCluster(sql, user.id, params.id)
        if (!cluster) throw notYours()
        const found = await listClusterItems(sql, user.id, params.id, query, after)
        const { rows, paging } = toPage(found, query, list, { request, set }, ({ place }) => place)
        const total = cluster.item_count
        return { cluster, items: rows.map(({ item }) => item), total_items: total, total, ...paging }
      },
      {
        auth: 'clusters_read',
        params: v.object({ id: Id }),
        query: ClusterItemsQuery,
        response: answers({ 200: ClusterDetailAnswer }, [304, 400, 401, 404, 422]),
        detail: { operationId: 'getCluster', summary: 'One group and its items' },
      },
    )
    .patch(
      '/:id',
      async ({ params, body, user, request }) => {
        const renaming = sql.begin(async tx => {
          const cluster = await renameCluster(tx, user.id, params.id, body.label)
          if (!cluster) throw notYours()
          await bumpLibrary(tx, user.id)
          await audit(tx, request, {
            user_id: user.id,
            action: 'cluster',
            resource_type: 'cluster',
            resource_id: params.id,
            details: { fields: ['label'] },
          })
          return cluster
        })
        return renaming.catch(error => {
          throw isLabelTaken(error) ? labelTaken() : error
        })
      },
      {
        auth: 'writes',
        params: v.object({ id: Id }),
        body: RenameBody,
        response: answers({ 200: OwnedCluster }, [401, 404, 409, 422]),
        detail: { operationId: 'renameCluster', summary: 'Give a group a label of your own' },
      },
    )
    .post(
      '/rebuild',
      async ({ user, request, set, status }) => {
        const asked = { request, user, route: 'POST /v1/clusters/rebuild', body: null }
        const outcome = await idempotent(context, asked, async tx => {
          await audit(tx, request, {
            user_id: user.id,
            action: 'cluster',
            resource_type: 'library',
            details: { asked: 'rebuild' },
          })
          const job_id = await context.queue.enqueue(tx, clusterLibrary, { user_id: user.id })
          await noteClustering(tx, user.id, job_id)
          return { status: 202, body: { job_id } }
        })
        setOutcome(set, outcome)
        return status(202, outcome.body)
      },
      {
        auth: 'writes',
        response: answers({ 202: RebuildAnswer }, [401, 409, 422]),
        detail: { operationId: 'rebuildClusters', summary: 'Group the whole library anew' },
      },
    )
}
