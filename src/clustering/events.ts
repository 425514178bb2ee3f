import { defineToldEvent } from '../ground/domain-events.ts'

/** The clusters of a library have been made again. */
export const clustersUpdated = defineToldEvent<{
  user_id: string
  cluster_count: number
  item_count: number
}>('clusters.updated')
