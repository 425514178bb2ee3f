// Writes a backup. The file has its name when it is whole: a try that was cut off leaves a partial one, which the next removes.
import { mkdir, readdir, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Context } from '../src/context.ts'
import type { Effect } from '../src/ground/queue/queue.ts'
import { handle } from '../src/handler.ts'
import { writeBackup } from '../src/operations/backups/backup-file.ts'
import { makeBackup } from '../src/operations/backups/jobs.ts'
import { beginBackup, failBackup, findDatabaseSize, finishBackup } from '../src/operations/backups/store.ts'
import { backupFolder } from '../src/operations/settings/backup-folder.ts'

const PARTIAL = /^trove-.*\.partial$/

export default handle(makeBackup, {
  run: async ([payload], context) => [await write(payload!.backup_id, context)],
  giveUp:
    ({ backup_id }) =>
    tx =>
      failBackup(tx, backup_id, 'It could not be written. The log says why.'),
})

async function write(id: string, context: Context): Promise<Effect | Error> {
  const { sql } = context.database
  const file = `trove-${id}.jsonl.gz`
  if (!(await beginBackup(sql, id, file))) return async () => {}
  try {
    const folder = backupFolder(context)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    for (const name of await readdir(folder)) if (PARTIAL.test(name)) await rm(join(folder, name))
    const { bavail, bsize } = await statfs(folder)
    const needed = await findDatabaseSize(sql)
    if (bavail * bsize < needed) {
      const [free, most] = [bavail * bsize, needed].map(bytes => Math.ceil(bytes / 1e6))
      return tx => failBackup(tx, id, `There is no room: it may take ${most} MB, and ${free} MB are free.`)
    }
    const written = await writeBackup(sql, join(folder, file))
    return tx => finishBackup(tx, id, written)
  } catch (error) {
    return error as Error
  }
}
