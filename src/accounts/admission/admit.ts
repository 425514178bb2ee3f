// Who is asking, and what they may.
import type { Context } from '../../context.ts'
import { clientNetwork } from '../../ground/http/edge/client-address.ts'
import { rateLimiter } from '../../ground/http/limits/rate-limit.ts'
import { forbidden, passwordChangeRequired, unauthorized } from '../../ground/http/problems.ts'
import type { Answering, Declaration } from '../../ground/http/route.ts'
import { perContext } from '../../ground/per-context.ts'
import { mayDo, type Permission, permissionsOf } from '../permissions.ts'
import { accessTokens, type Bearer } from './access-token.ts'
import { type Account, type AccountRow, findAccount, touchSession } from './store.ts'

const USED_AGAIN_MS = 5 * 60_000

/** Who asks by what the `Authorization` header holds. @throws {Problem} 401 */
const bearers = perContext((context: Context) => {
  const { database, log } = context
  const { read } = accessTokens(context)

  /** Whether the account still stands behind a token that was issued to it. */
  function isGood(row: AccountRow, { session_id, issued_at }: Bearer): boolean {
    if (!row.is_active) return false
    if (session_id) return row.session_used_at !== null
    return row.tokens_from === null || issued_at * 1000 > Date.parse(row.tokens_from)
  }

  return async (token: string): Promise<Account> => {
    const bearer = await read(token)
    if (!bearer) throw unauthorized()
    const row = await findAccount(database.byKey, bearer.id, bearer.session_id)
    if (!row) throw unauthorized({ detail: 'User not found' })
    if (!isGood(row, bearer)) throw unauthorized()
    const { session_id } = bearer
    if (session_id && Date.parse(row.session_used_at!) < Date.now() - USED_AGAIN_MS) {
      touchSession(database.sql, row.id, session_id).catch(error =>
        log.warn('The use of a session was not noted', { error }),
      )
    }
    return accountOf(row, permissionsOf(row.role), { session_id: session_id ?? undefined, in_person: true })
  }
})

/** An account as a request has it. */
const accountOf = (
  { id, email, created_at, role, must_change_password, library_version }: AccountRow,
  permissions: readonly Permission[],
  by: Pick<Account, 'session_id' | 'in_person'>,
): Account => ({ id, email, created_at, role, must_change_password, library_version, permissions, ...by })

/** What every route asks of a request before anything else: who it is, and whether they may, and how often. */
export const admitting = perContext((context: Context) => {
  const byToken = bearers(context)
  const limiter = rateLimiter(context)

  async function authenticate(request: Request): Promise<Account> {
    const [scheme, token, ...more] = (request.headers.get('authorization') ?? '').split(' ')
    if (scheme?.toLowerCase() !== 'bearer' || !token || more.length > 0) throw unauthorized()
    return byToken(token)
  }

  /**
   * Authenticates and counts, so that no token and a bad body is 401; whoever needs no token is counted by their network.
   * @throws {Problem} 401, 403 or 429
   */
  return async (
    request: Request,
    set: Answering,
    { may, limit, in_person, before_password_change }: Declaration,
  ): Promise<Account | undefined> => {
    const user = may === 'anybody' ? undefined : await authenticate(request)
    if (limit !== 'none') await limiter.count(limit, user?.id ?? clientNetwork(request), set)
    if (!user) return undefined
    if (!mayDo(user.permissions, may as Permission) || (in_person && !user.in_person)) throw forbidden()
    if (user.must_change_password && !before_password_change) throw passwordChangeRequired()
    return user
  }
})
