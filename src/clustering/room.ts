import type { Room } from '../room.ts'
import { clusterRoutes } from './clusters/routes.ts'
import { getItem } from './item/routes.ts'
import { clusterDue, clusterLibrary, placeSave } from './jobs.ts'
import { clusterListeners } from './listeners.ts'
import { getMap } from './map/routes.ts'
import { clusteringVariables } from './variables.ts'
import { words } from './words.ts'

/** The groups of a library, with their names and its map. */
export const clustering: Room = {
  name: 'clustering',
  words,
  variables: clusteringVariables,
  tags: { Clusters: 'Groups that Trove found in what you saved.' },
  routes: [getItem, getMap, ...clusterRoutes],
  jobs: [clusterLibrary, placeSave, clusterDue],
  clock: ({ CLUSTER_SCHEDULE }) => [{ pattern: CLUSTER_SCHEDULE, job: clusterDue }],
  listeners: clusterListeners,
  tables: {
    clusters: {
      of: 'user',
      keeps: 'until another run makes it again',
      exported: true,
      withheld: { centroid: 'numbers that are worked out from the members' },
    },
    cluster_members: { of: 'user', keeps: 'as long as the cluster', exported: true },
    library_maps: {
      of: 'user',
      keeps: 'until another run makes it again',
      exported: 'it can be drawn again',
    },
  },
}
