import { Elysia } from 'elysia'
import * as v from 'valibot'
import { clusterLibrary } from '#jobs/cluster-library'
import { auth } from '../../accounts/auth.ts'
import type { Context } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { answers } from '../../http/openapi.ts'
import { Id } from '../../http/schemas.ts'
import { audit } from '../../operations/audit/store.ts'
import {
  ClusterDetailAnswer,
  ClusterItemsQuery,
  ClusterListAnswer,
  ClusterListQuery,
  RebuildAnswer,
} from './schema.ts'
import { findCluster, listClusterItems, listClusters } from './store.ts'

/** The groups that clustering found. */
export function clusterRoutes(context: Context) {
  const { sql } = context.database

  return new Elysia({ prefix: '/v1/clusters', tags: ['Clusters'] })
    .use(auth(context))
    .get(
      '',
      async ({ query, user }) => {
        const clusters = await listClusters(sql, user.id, query)
        return { clusters, total: clusters.length }
      },
      {
        auth: true,
        query: ClusterListQuery,
        response: answers({ 200: ClusterListAnswer }, [401, 422]),
        detail: { operationId: 'listClusters', summary: 'Groups of saves that belong together' },
      },
    )
    .get(
      '/:id',
      async ({ params, query, user }) => {
        const cluster = await findCluster(sql, user.id, params.id)
        if (!cluster) throw notFound('Cluster not found or does not belong to you')
        const items = await listClusterItems(sql, user.id, params.id, query)
        const total_items = cluster.item_count
        return { cluster, items, total_items, has_more: query.offset + items.length < total_items }
      },
      {
        auth: true,
        params: v.object({ id: Id }),
        query: ClusterItemsQuery,
        response: answers({ 200: ClusterDetailAnswer }, [401, 404, 422]),
        detail: { operationId: 'getCluster', summary: 'One group and its items' },
      },
    )
    .post(
      '/rebuild',
      async ({ user, request, status }) => {
        const job_id = await sql.begin(async tx => {
          await audit(tx, request, { user_id: user.id, action: 'cluster', resource_type: 'library' })
          return context.queue.enqueue(tx, clusterLibrary, { user_id: user.id })
        })
        return status(202, { job_id })
      },
      {
        auth: true,
        response: answers({ 202: RebuildAnswer }, [401]),
        detail: { operationId: 'rebuildClusters', summary: 'Group the whole library anew' },
      },
    )
}
