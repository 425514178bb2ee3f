import { join } from 'node:path'
import * as v from 'valibot'
import type { Context } from '../../context.ts'
import { atLeast, atMost, StorableText } from '../../ground/http/schemas.ts'
import { defineSetting, liveSettings } from '../../ground/settings/settings.ts'
import { insideFolder } from './inside-folder.ts'

/** In DATA_DIR, while nothing else is set. */
const DEFAULT_FOLDER = 'backups'

export const backupPath = defineSetting('backup_path', v.pipe(StorableText, atLeast(1), atMost(1000)))

/** Where backups go where these settings are in force, as it was set. */
export const backupPathOf = ({ DATA_DIR }: { DATA_DIR: string }, values: Record<string, unknown>): string =>
  backupPath.of(values) ?? join(DATA_DIR, DEFAULT_FOLDER)

/**
 * The folder that backups go to now, with all links followed. It need not be there yet.
 * @throws when links have come to lead out of DATA_DIR since it was set
 */
export function backupFolder(context: Context): string {
  const { DATA_DIR } = context.config
  const path = backupPath.of(liveSettings(context).now()) ?? DEFAULT_FOLDER
  const folder = insideFolder(DATA_DIR, path)
  if (!folder) throw new Error('The folder of backups is not inside of DATA_DIR')
  return folder
}
