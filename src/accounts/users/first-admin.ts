// The first admin, of whom the environment tells: made at a start while there is none.
import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../../context.ts'
import { addAuditEntry, NOBODY } from '../../ground/http/audit/store.ts'
import { removeIdentities } from '../oidc/store.ts'
import { dropReset } from '../passwords/store.ts'
import { endSessions } from '../sessions/store.ts'
import { hashPassword } from '../sign-in/passwords.ts'
import { findLogin, insertUser, setPasswordHash } from '../store.ts'
import { changeUser, countOtherAdmins, endPrograms } from './store.ts'

/**
 * With ADMIN_EMAIL and ADMIN_PASSWORD set, makes that account an admin unless there is one. An account that has the email
 * already gets the password, too, and loses every other way in: nobody has proved that the email is theirs.
 */
export async function makeFirstAdmin(context: Context): Promise<void> {
  const { config, database, log } = context
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password, DEFAULT_TIER: subscription_tier } = config
  if (!email || !password) return
  const isThere = () => database.sql.begin(async tx => (await countOtherAdmins(tx, NOBODY)) > 0)
  // Hashing takes time, and the lock none.
  if (await isThere()) return
  const password_hash = await hashPassword(password, { masters: config }, 'the start')
  const isMade = await database.sql.begin(async tx => {
    if ((await countOtherAdmins(tx, NOBODY)) > 0) return false
    const known = await findLogin(tx, email)
    const id = known?.id ?? uuidv7()
    if (known) {
      await setPasswordHash(tx, id, password_hash)
      await changeUser(tx, id, { role: 'admin', is_active: true })
      await endSessions(tx, id)
      await endPrograms(tx, id)
      await dropReset(tx, id)
      await removeIdentities(tx, id)
    } else await insertUser(tx, { id, email, password_hash, role: 'admin', subscription_tier })
    await addAuditEntry(tx, { user_id: id, action: 'first_admin', resource_type: 'user', resource_id: id })
    return true
  })
  if (isMade) log.info('The first admin was made')
}
