import { ITEM } from '../../library/examples.ts'
import { route } from '../../route.ts'
import { FULL_CLUSTER } from '../clusters/examples.ts'
import { placeClusters } from './place-clusters.ts'
import { MapAnswer } from './schema.ts'
import { listLabels, listPoints } from './store.ts'

/** More would be a cloud of ink to a person and half a megabyte to a phone. */
const MOST_POINTS = 5000

/** A library as a picture. */
export const getMap = route(
  'GET /v1/clusters/map',
  {
    id: 'getMap',
    tag: 'Clusters',
    summary: 'The library as points in a plane',
    description:
      'A projection of the vectors on two axes, which the last run of clustering chose so that groups lie apart. It is kept: points stay where they are, an item that becomes READY later takes its place among them, and the next run turns its picture to look like this one. Empty before the first run. READY items alone, archived ones left out; at most 5,000, of each cluster the most central, of the others the newest.',
    may: 'read',
    limit: 'clusters_read',
    cached: 'library',
    gives: {
      body: MapAnswer,
      text: 'The points, and each cluster in the middle of its points. x and y are from -1 to 1.',
      example: {
        points: [
          {
            save_id: ITEM.save.id,
            x: 0.3125,
            y: -0.5,
            cluster_id: FULL_CLUSTER.id,
            title: ITEM.content.title,
          },
        ],
        clusters: [{ id: FULL_CLUSTER.id, label: FULL_CLUSTER.label, x: 0.3125, y: -0.5 }],
      },
    },
  },
  async ({ sql, user }) => {
    const [points, labels] = await Promise.all([
      listPoints(sql, user.id, MOST_POINTS),
      listLabels(sql, user.id),
    ])
    return { points, clusters: placeClusters(labels, points) }
  },
)
