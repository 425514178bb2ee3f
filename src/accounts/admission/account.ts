import type { Context } from '../../context.ts'
import type { Permission } from '../permissions.ts'
import type { Account, AccountRow } from './store.ts'

/** An account as a request has it. */
export const accountOf = (
  { id, email, created_at, role, must_change_password, library_version }: AccountRow,
  permissions: readonly Permission[],
  by: Pick<Account, 'session_id' | 'in_person'>,
): Account => ({ id, email, created_at, role, must_change_password, library_version, permissions, ...by })

const USED_AGAIN_MS = 5 * 60_000

/**
 * Notes a use, to five minutes. No request waits for it, and none fails by it.
 * @param last the use that is noted; null for none
 */
export function noteUse({ log }: Context, last: string | null, note: () => Promise<void>): void {
  if (last !== null && Date.parse(last) > Date.now() - USED_AGAIN_MS) return
  note().catch(error => log.warn('A use was not noted', { error }))
}
