import * as v from 'valibot'
import { defineJob } from '../../ground/queue/queue.ts'

const BackupJob = v.object({ backup_id: v.pipe(v.string(), v.uuid()) })

/** Writes all that the database keeps into a file. */
export const makeBackup = defineJob({
  name: 'make-backup',
  schema: BackupJob,
  isShown: true,
})
