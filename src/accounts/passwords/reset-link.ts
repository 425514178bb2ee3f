// Links to set a new password: one of a user counts, once, for an hour. Only its hash is kept.
import type { Sql } from '../../ground/database/connection.ts'
import { hashOf, shownOnce } from '../admission/shown-once.ts'
import { putReset } from './store.ts'

/** Names its user. */
const resetTokens = shownOnce('trx_', 1, 32)

/** Makes a link, in the place of the one before. @param origin where people reach Trove */
export async function makeResetLink(
  sql: Sql,
  origin: string,
  user_id: string,
): Promise<{ url: string; expires_at: string }> {
  const token = resetTokens.make(user_id)
  const expires_at = await putReset(sql, { user_id, token_hash: hashOf(token) })
  return { url: `${origin}/library#reset=${token}`, expires_at }
}

/** What a token names; undefined for what is no token. */
export function readResetToken(token: string): { user_id: string; token_hash: string } | undefined {
  const [user_id] = resetTokens.read(token) ?? []
  return user_id === undefined ? undefined : { user_id, token_hash: hashOf(token) }
}
