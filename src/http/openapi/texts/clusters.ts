import type { OperationText } from '../text.ts'
import { CONTENT, FULL_CLUSTER, ITEM, JOB_ID, USER } from './things.ts'

const { id, title, thumbnail_url } = CONTENT
const NOT_YOURS: [string, string] = ['NOT_FOUND', 'Cluster not found or does not belong to you']

export const CLUSTER_TEXTS: Record<string, OperationText> = {
  listClusters: {
    description:
      'All clusters that fit, each with its three most central items. A user has few, so there are no pages.',
    answer: 'The clusters, the one that changed last first.',
    example: { clusters: [{ ...FULL_CLUSTER, sample_items: [{ id, title, thumbnail_url }] }], total: 1 },
  },
  getCluster: {
    description: 'The cluster and a page of its items, archived ones included.',
    answer: 'The cluster and its items, the oldest save first.',
    example: {
      cluster: { ...FULL_CLUSTER, item_count: 1, user_id: USER.id },
      items: [ITEM],
      total_items: 1,
      has_more: false,
    },
    problems: { 404: NOT_YOURS },
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
