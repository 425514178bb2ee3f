// Before what cannot be taken back: is it really they?
import type { Context } from '../../context.ts'
import type { Sql } from '../../ground/database/connection.ts'
import { clientNetwork } from '../../ground/http/edge/client-address.ts'
import { invalidRequest } from '../../ground/http/problems.ts'
import type { Answering } from '../../ground/http/route.ts'
import type { Account } from '../admission/store.ts'
import { signInAgain, wrongPassword } from '../problems.ts'
import { isFreshSession } from '../sessions/store.ts'
import { findPassword, readOldPepper } from '../store.ts'
import { guesses } from './guesses.ts'
import { verifyPassword } from './passwords.ts'

/** An account without a password is confirmed by a session that is younger. */
const FRESH_MINUTES = 10

/** What `confirmPerson` may refuse. */
export const confirmationProblems = [wrongPassword, signInAgain]

/**
 * Lets pass who knows the password of the account that they are signed in to. Guesses count as at a sign-in.
 * @param field of the body, where the password was given
 * @returns the hash that it has; null where the account has no password
 * @throws {Problem} 403, 422 or 429
 */
export async function confirmPerson(
  sql: Sql,
  { context, request, set, user }: { context: Context; request: Request; set: Answering; user: Account },
  password: string | undefined,
  field = 'password',
): Promise<string | null> {
  const own = await findPassword(sql, user.id)
  if (!own?.password_hash) {
    const isFresh = user.session_id && (await isFreshSession(sql, user.id, user.session_id, FRESH_MINUTES))
    if (!isFresh) throw signInAgain()
    return null
  }
  if (password === undefined) {
    throw invalidRequest({ field_errors: [{ loc: ['body', field], msg: 'is required', type: 'required' }] })
  }
  const isRight = await guesses(context).judge(request, set, user.email, async () => {
    const keys = { masters: context.config, old: await readOldPepper(sql) }
    const verdict = await verifyPassword(password, keys, own.password_hash, clientNetwork(request))
    return verdict === 'wrong' ? undefined : true
  })
  if (!isRight) throw wrongPassword()
  return own.password_hash
}
