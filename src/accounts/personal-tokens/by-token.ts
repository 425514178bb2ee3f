// Who asks by a personal token.
import type { Context } from '../../context.ts'
import type { Sql } from '../../ground/database/connection.ts'
import { unauthorized } from '../../ground/http/problems.ts'
import { perContext } from '../../ground/per-context.ts'
import { accountOf, noteUse } from '../admission/account.ts'
import { isKept, shownOnce } from '../admission/shown-once.ts'
import { type Account, findAccount } from '../admission/store.ts'
import { narrow, permissionsOf, SCOPES } from '../permissions.ts'
import { deleteToken, findToken, touchToken } from './store.ts'

/** Names its user and itself. */
export const personalTokens = shownOnce('trp_', 2, 24)

/** The account that a personal token stands for, within its scopes. @throws {Problem} 401 */
export const byPersonalToken = perContext((context: Context) => {
  const { byKey, sql } = context.database
  return async (text: string): Promise<Account> => {
    const [userId, id] = personalTokens.read(text) ?? []
    if (!userId || !id) throw unauthorized()
    const [token, row] = await Promise.all([findToken(byKey, userId, id), findAccount(byKey, userId, null)])
    if (!token || !isKept(text, token.token_hash) || !row?.is_active) throw unauthorized()
    noteUse(context, token.last_used_at, () => touchToken(sql, userId, id))
    const permissions = narrow(
      permissionsOf(row.role),
      token.scopes.map(scope => SCOPES[scope]),
    )
    return accountOf(row, permissions, { session_id: undefined, in_person: false })
  }
})

/** Ends a personal token that somebody has. @returns which it was; undefined for what is none that counts */
export async function revokeToken(
  sql: Sql,
  text: string,
): Promise<{ user_id: string; id: string } | undefined> {
  const [user_id, id] = personalTokens.read(text) ?? []
  if (!user_id || !id) return undefined
  const token = await findToken(sql, user_id, id)
  if (!token || !isKept(text, token.token_hash)) return undefined
  await deleteToken(sql, user_id, id)
  return { user_id, id }
}
