import type { Room } from '../room.ts'
import { clusterRoutes } from './clusters/routes.ts'
import { clusterDue, clusterLibrary, placeSave, reembedContents } from './jobs.ts'
import { clusterListeners } from './listeners.ts'
import { getMap } from './map/routes.ts'
import { search } from './search/routes.ts'
import { getItem } from './similar/routes.ts'
import { startMoving } from './start-moving.ts'

export const intelligence: Room = {
  name: 'intelligence',
  tags: {
    Search: 'Finding it again.',
    Clusters: 'Groups that Trove found in what you saved.',
  },
  routes: [getItem, getMap, ...clusterRoutes, search],
  jobs: [clusterLibrary, placeSave, clusterDue, reembedContents],
  clock: ({ CLUSTER_SCHEDULE }) => [{ pattern: CLUSTER_SCHEDULE, job: clusterDue }],
  listeners: clusterListeners,
  tables: {
    content_embeddings: { of: 'everybody', keeps: 'as long as the content and the model' },
    clusters: { of: 'user', keeps: 'until another run makes it anew', exported: true },
    cluster_members: { of: 'user', keeps: 'as long as the cluster', exported: true },
    library_maps: { of: 'user', keeps: 'until another run makes it anew', exported: 'it can be drawn anew' },
  },
  starts: startMoving,
}
