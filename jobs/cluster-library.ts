// Groups a user's READY saves again. The work is done in a thread; a group that is found again keeps its id.
import { v7 as uuidv7 } from 'uuid'
import { clustersUpdated } from '../src/clustering/events.ts'
import { clusterLibrary } from '../src/clustering/jobs.ts'
import { findPlaneOf, saveMap } from '../src/clustering/map/store.ts'
import { nameClusters } from '../src/clustering/names/name-clusters.ts'
import {
  findPrevious,
  findSize,
  readClusterable,
  readDocuments,
  replaceClusters,
} from '../src/clustering/runs/store.ts'
import { clusterInThread } from '../src/clustering/threads/cluster-in-thread.ts'
import { findActiveModel } from '../src/discovery/vectors/store.ts'
import { emit } from '../src/ground/domain-events.ts'
import { handle } from '../src/handler.ts'
import { settleClustering } from '../src/library/versions/store.ts'
import { EMBEDDING_DIMENSIONS } from '../src/vocabulary.ts'

/** Any constant will do: the same library must give the same groups. */
const SEED = 1

export default handle(clusterLibrary, {
  async run([payload], context) {
    const { config, database, models } = context
    const { user_id } = payload!
    const model = await findActiveModel(database.sql, models.embeddingModel)
    const { changes, most } = await findSize(database.sql, user_id)
    const previous = await findPrevious(database.sql, user_id, model)
    const result = await clusterInThread(
      {
        pages: readClusterable(database.sql, user_id, model, previous, most),
        most,
        dimensions: EMBEDDING_DIMENSIONS,
        previous,
        previous_plane: await findPlaneOf(database.sql, user_id, model),
        min_items: config.CLUSTER_MIN_ITEMS,
        seed: SEED,
      },
      ids => readDocuments(database.sql, user_id, ids),
    )
    const named = await nameClusters(models, previous, result.clusters)
    const clusters = named.map(cluster => ({ ...cluster, id: cluster.id ?? uuidv7() }))
    return [
      async tx => {
        const isRegrouped = await replaceClusters(tx, user_id, model, { ...result, clusters })
        const isRedrawn = await saveMap(tx, user_id, model, result.plane)
        await settleClustering(tx, user_id, changes, isRegrouped || isRedrawn)
        if (!isRegrouped && !isRedrawn) return
        const item_count = clusters.reduce((sum, { size }) => sum + size, 0)
        await emit(tx, context, clustersUpdated, { user_id, cluster_count: clusters.length, item_count })
      },
    ]
  },
})
