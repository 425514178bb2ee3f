// Nightly: every library that has changed since it was grouped is grouped anew.
import * as v from 'valibot'
import { clusterLibrary } from '#jobs/cluster-library'
import { noteClustering } from '../src/library/jobs/store.ts'
import { findChangedLibraries } from '../src/library/versions/store.ts'
import { defineJob } from '../src/queue.ts'

export const clusterDue = defineJob({
  name: 'cluster-due',
  schema: v.object({}),

  async run([_], { database, queue }) {
    const users = await findChangedLibraries(database.sql)
    return [
      async tx => {
        for (const user_id of users) {
          await noteClustering(tx, user_id, await queue.enqueue(tx, clusterLibrary, { user_id }))
        }
      },
    ]
  },
})
