// The worker thread that names the groups of a library. Started by `clusterInThread`.
import { giveWay, serveThread } from '../threads.ts'
import { type ClusterLabel, labelClusters } from './label-clusters.ts'

export interface LabelRequest {
  /** The documents of each group's most central members, as JSON: cloning objects takes ten times as long. */
  groups: string[]
  /** Documents of no group, as JSON. */
  others: string
  kept: (string | undefined)[]
}

giveWay()
serveThread<LabelRequest, ClusterLabel[]>(({ groups, others, kept }) =>
  labelClusters(
    groups.map(documents => JSON.parse(documents)),
    JSON.parse(others),
    kept,
  ),
)
