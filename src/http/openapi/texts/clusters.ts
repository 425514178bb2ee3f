import type { OperationText } from '../text.ts'
import { CONTENT, FULL_CLUSTER, ITEM, JOB_ID, USER } from './things.ts'

const { id, title, thumbnail_url, thumbnail_path } = CONTENT
const NOT_YOURS: [string, string] = ['NOT_FOUND', 'Cluster not found or does not belong to you']

const ONE_PAGE = { total: 1, limit: 50, offset: 0, has_more: false, next_cursor: null }

export const CLUSTER_TEXTS: Record<string, OperationText> = {
  listClusters: {
    description:
      'A page of the clusters that fit, each with its three most central items. A user has few: the first page nearly always holds all.',
    answer: 'The clusters, the one that changed last first.',
    example: {
      clusters: [{ ...FULL_CLUSTER, sample_items: [{ id, title, thumbnail_url, thumbnail_path }] }],
      ...ONE_PAGE,
      limit: 100,
    },
  },
  getCluster: {
    description: 'The cluster and a page of its items, archived ones included.',
    answer: 'The cluster and its items, the oldest save first.',
    example: {
      cluster: { ...FULL_CLUSTER, item_count: 1, user_id: USER.id },
      items: [ITEM],
      total_items: 1,
      ...ONE_PAGE,
    },
    problems: { 404: NOT_YOURS },
  },
  getMap: {
    description:
      'A projection of the vectors on two axes, which the last run of clustering chose so that groups lie apart. It is kept: points stay where they are, an item that becomes READY later takes its place among them, and the next run turns its picture to look like this one. Empty before the first run. READY items alone, archived ones left out; at most 5,000, of each cluster the most central, of the others the newest.',
    answer: 'The points, and each cluster in the middle of its points. x and y are from -1 to 1.',
    example: {
      points: [{ save_id: ITEM.save.id, x: 0.3125, y: -0.5, cluster_id: FULL_CLUSTER.id, title }],
      clusters: [{ id: FULL_CLUSTER.id, label: FULL_CLUSTER.label, x: 0.3125, y: -0.5 }],
    },
  },
  renameCluster: {
    description:
      'From then on the label is the user’s own: later runs find the cluster again and leave it alone.',
    answer: 'The cluster with its new label.',
    body: { label: 'Weekend brunch' },
    example: { ...FULL_CLUSTER, label: 'Weekend brunch', user_id: USER.id },
    problems: {
      404: NOT_YOURS,
      409: [
        'LABEL_TAKEN',
        'Another of your clusters has this label',
        {
          field_errors: [
            { loc: ['body', 'label'], msg: 'Another of your clusters has this label', type: 'unique' },
          ],
        },
      ],
    },
  },
  rebuildClusters: {
    description:
      'Groups the whole library anew in the background. One run waits at a time: asking again while it waits gives the same job.',
    answer: 'The job that does it.',
    example: { job_id: JOB_ID },
  },
}
