// The worker thread that names the groups of a library. Started by `clusterInThread`.
import { giveWay, serveThread } from '../../ground/threads.ts'
import { type ClusterLabel, labelClusters } from '../names/label-clusters.ts'
import type { ClusterDocument } from '../names/terms.ts'

/** First the documents of each group, its most central members, which are given no answer but that they are taken; then the rest. */
export type LabelRequest =
  | {
      /** As JSON: cloning objects takes ten times as long. */
      group: string
    }
  | {
      /** Documents of no group, as JSON. */
      others: string
      /** For each group the label that it keeps, if any. */
      kept: (string | undefined)[]
    }

const groups: ClusterDocument[][] = []

giveWay()
serveThread<LabelRequest, ClusterLabel[] | undefined>(request => {
  if ('others' in request) return labelClusters(groups, JSON.parse(request.others), request.kept)
  groups.push(JSON.parse(request.group))
  return undefined
})
