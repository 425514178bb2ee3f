// What stands beneath which tag, worked out anew from the edges.

import { handle } from '../src/handler.ts'
import { refreshTagHierarchy } from '../src/library/tags/jobs.ts'
import { listPlaced, lockTrees, rewriteClosure } from '../src/library/tags/tree/store.ts'

export default handle(refreshTagHierarchy, {
  async run([payload]) {
    return [
      async tx => {
        await lockTrees(tx)
        await rewriteClosure(tx, await listPlaced(tx, payload!.user_id))
      },
    ]
  },
})
