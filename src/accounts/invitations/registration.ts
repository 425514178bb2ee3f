// Who may make an account: anybody, who was invited, or nobody; but the first account of a server always can be made.
import type { Context } from '../../context.ts'
import type { Sql } from '../../ground/database/connection.ts'
import { problem } from '../../ground/http/problem.ts'
import { settingNow } from '../../ground/settings/settings.ts'
import { hashOf } from '../admission/shown-once.ts'
import type { Role } from '../permissions.ts'
import { registrationSetting } from '../settings.ts'
import { hasUsers, lockRegistration } from '../store.ts'
import { useInvitation } from './store.ts'
import { invitationTokens } from './tokens.ts'

export const registrationClosed = problem(403, 'REGISTRATION_CLOSED', 'Nobody may make an account here')
export const invitationRequired = problem(
  403,
  'INVITATION_REQUIRED',
  'Only who was invited may make an account here',
)
export const invalidInvitation = problem(
  403,
  'INVALID_INVITATION',
  'The invitation is unknown, used, too old or for another email',
)

/** What is in force now. */
export const registrationOf = (context: Context) =>
  settingNow(context, registrationSetting) ?? context.config.REGISTRATION

/**
 * Lets somebody make an account, in the transaction that makes it, and uses up the invitation.
 * @returns the role that the account gets
 * @throws {Problem} 403
 */
export async function admitRegistration(
  tx: Sql,
  context: Context,
  email: string,
  invitation: string | undefined,
): Promise<Role> {
  if (invitation !== undefined) {
    const [id] = invitationTokens.read(invitation) ?? []
    const role = id && (await useInvitation(tx, { id, token_hash: hashOf(invitation), email }))
    if (!role) throw invalidInvitation()
    return role
  }
  if (await admitsAnybody(tx, context)) return 'normal'
  throw registrationOf(context) === 'invite' ? invitationRequired() : registrationClosed()
}

/** Whether who is new gets an account without being invited; the first of a server always does. */
export async function admitsAnybody(tx: Sql, context: Context): Promise<boolean> {
  if (registrationOf(context) === 'open') return true
  // Two who come at once are not both the first.
  await lockRegistration(tx)
  return !(await hasUsers(tx))
}
