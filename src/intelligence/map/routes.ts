import { Elysia } from 'elysia'
import { auth } from '../../accounts/auth.ts'
import type { Context } from '../../context.ts'
import { isNotModified, notModified } from '../../http/conditional.ts'
import { answers } from '../../http/openapi.ts'
import { placeClusters } from './place-clusters.ts'
import { MapAnswer } from './schema.ts'
import { listLabels, listPoints } from './store.ts'

/** More would be a cloud of ink to a person and half a megabyte to a phone. */
const MOST_POINTS = 5000

/** A library as a picture. */
export function mapRoutes(context: Context) {
  const { sql } = context.database

  return new Elysia({ prefix: '/v1/clusters', tags: ['Clusters'] }).use(auth(context)).get(
    '/map',
    async ({ user, request, set }) => {
      if (isNotModified(request, set, user)) return notModified() as never
      const [points, labels] = await Promise.all([
        listPoints(sql, user.id, MOST_POINTS),
        listLabels(sql, user.id),
      ])
      return { points, clusters: placeClusters(labels, points) }
    },
    {
      auth: 'clusters_read',
      response: answers({ 200: MapAnswer }, [304, 401]),
      detail: { operationId: 'getMap', summary: 'The library as points in a plane' },
    },
  )
}
