import type { Context } from '../../../context.ts'
import { eraseUser } from '../../jobs.ts'
import { listErased, repeatErasures } from '../store.ts'
import { erasureLogOf, readErased } from './erasure-log.ts'

/** At a start: whoever was erased and is back, by a backup that was restored in whatever way, is erased again. */
export async function sendReturned({ config, database, queue, log }: Context): Promise<void> {
  const erased = new Set([...readErased(erasureLogOf(config.DATA_DIR)), ...(await listErased(database.sql))])
  const sent = await queue.begin(async tx => {
    const erasures = await repeatErasures(tx, [...erased])
    for (const erasure_id of erasures) await queue.enqueue(tx, eraseUser, { erasure_id })
    return erasures.length
  })
  if (sent > 0) log.warn('Users are back who were erased, and are erased again', { users: sent })
}
