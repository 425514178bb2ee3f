// Erasing somebody: in steps that each are whole, so that whoever is killed between two leaves work for the next try, and
// nothing else. The account is closed first, hence nothing comes after what was removed.
import type { Context } from '../../../context.ts'
import type { Sql } from '../../../ground/database/connection.ts'
import { emit } from '../../../ground/domain-events.ts'
import { forgetDoer, forgetSubject } from '../../../ground/http/audit/store.ts'
import { dropKeysOf } from '../../../ground/http/idempotency/store.ts'
import { dropCountsOf } from '../../../ground/http/limits/store.ts'
import type { Effect } from '../../../ground/queue/queue.ts'
import { forgetUser } from '../../../ground/queue/store.ts'
import { userErased } from '../../events.ts'
import { endSessions } from '../../sessions/store.ts'
import { countOtherAdmins } from '../../users/store.ts'
import {
  closeAccount,
  deleteAccount,
  findPerson,
  finishErasure,
  holdAccount,
  lockErasure,
  type Person,
  repeatErasures,
  setErasureStatus,
} from '../store.ts'
import { noteErased } from './erasure-log.ts'

/** What one transaction removes. */
const ROWS_A_STEP = 200
const ENTRIES_A_STEP = 1000

/** Whom to erase, and how they are called afterwards. */
type Begun = { person: Person; hash: string }

/**
 * Removes all that is somebody's but the account itself.
 * @returns what removes that, and says that it is done: to be called in a transaction
 */
export async function erase(context: Context, erasureId: string): Promise<Effect> {
  const { queue, personal } = context
  const begun = await queue.begin(tx => begin(tx, context, erasureId))
  if (!begun) return async () => {}
  const { person, hash } = begun
  for (const remove of personal.erases) {
    await inTurns(ROWS_A_STEP, most => queue.begin(tx => remove(tx, person.id, most)))
  }
  await inTurns(ENTRIES_A_STEP, most => queue.begin(tx => forgetDoer(tx, person.id, most)))
  await inTurns(1, () => queue.begin(tx => forgetUser(tx, person.id)))
  return tx => finish(tx, context, erasureId, { person, hash })
}

/** Closes the account. @returns undefined when there is nothing to do, by now or for the moment */
async function begin(tx: Sql, { log }: Context, erasureId: string): Promise<Begun | undefined> {
  const erasure = await lockErasure(tx, erasureId)
  if (erasure?.status !== 'scheduled' && erasure?.status !== 'running') return undefined
  const person = await findPerson(tx, erasure.person_hash)
  if (!person) {
    // Somebody removed the row by hand.
    await finishErasure(tx, erasureId)
    return undefined
  }
  if (!person.is_due) {
    await setErasureStatus(tx, erasureId, 'cancelled')
    return undefined
  }
  await holdAccount(tx, person.id)
  if (person.is_active_admin && (await countOtherAdmins(tx, person.id)) === 0) {
    log.warn('An erasure waits until there is another active admin', { erasure_id: erasureId })
    return undefined
  }
  await setErasureStatus(tx, erasureId, 'running')
  await closeAccount(tx, person.id)
  await endSessions(tx, person.id)
  return { person, hash: erasure.person_hash }
}

/** The account goes, and what a request that was under way has added meanwhile. */
async function finish(tx: Sql, context: Context, erasureId: string, { person, hash }: Begun): Promise<void> {
  const { id } = person
  await holdAccount(tx, id)
  for (const remove of context.personal.erases) {
    await inTurns(ROWS_A_STEP, most => remove(tx, id, most))
  }
  await emit(tx, context, userErased, person)
  await forgetUser(tx, id)
  await inTurns(ENTRIES_A_STEP, most => forgetDoer(tx, id, most))
  await forgetSubject(tx, person)
  await dropKeysOf(tx, id)
  await dropCountsOf(tx, id)
  await deleteAccount(tx, person)
  await finishErasure(tx, erasureId)
  // Before the commit: somebody who stands there and is not gone yet soon will be.
  try {
    noteErased(context.config.DATA_DIR, hash)
  } catch (error) {
    context.log.warn('An erasure was not noted beside the database', { erasure_id: erasureId, error })
  }
}

/**
 * Erases again those of these people who are back, from a backup of before.
 * @returns how many
 */
export async function eraseAgain(context: Context, hashes: string[]): Promise<number> {
  const { queue } = context
  const erasures = await queue.begin(tx => repeatErasures(tx, hashes))
  for (const id of erasures) {
    const effect = await erase(context, id)
    await queue.begin(effect)
  }
  return erasures.length
}

async function inTurns(most: number, remove: (most: number) => Promise<number>): Promise<void> {
  while ((await remove(most)) >= most);
}
