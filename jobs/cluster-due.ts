// Nightly: every library that has changed since it was grouped is grouped again.

import { clusterDue, clusterLibrary } from '../src/clustering/jobs.ts'
import { handle } from '../src/handler.ts'
import { noteJob } from '../src/library/jobs/store.ts'
import { findChangedLibraries } from '../src/library/versions/store.ts'

export default handle(clusterDue, {
  async run([_], { database, queue }) {
    const users = await findChangedLibraries(database.sql)
    return [
      async tx => {
        for (const user_id of users) {
          const job_id = await queue.enqueue(tx, clusterLibrary, { user_id })
          await noteJob(tx, user_id, clusterLibrary.name, job_id)
        }
      },
    ]
  },
})
