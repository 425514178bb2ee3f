// Who is asking, and what they may.
import type { Context } from '../../context.ts'
import { clientNetwork } from '../../ground/http/edge/client-address.ts'
import { rateLimiter } from '../../ground/http/limits/rate-limit.ts'
import { Problem } from '../../ground/http/problem.ts'
import { forbidden, passwordChangeRequired, unauthorized } from '../../ground/http/problems.ts'
import type { Answering, Declaration } from '../../ground/http/route.ts'
import { perContext } from '../../ground/per-context.ts'
import { byClient } from '../clients/by-client.ts'
import { mayDo, type Permission, permissionsOf } from '../permissions.ts'
import { byPersonalToken, personalTokens } from '../personal-tokens/by-token.ts'
import { accessTokens, type Bearer } from './access-token.ts'
import { accountOf, noteUse } from './account.ts'
import { type Account, type AccountRow, findAccount, touchSession } from './store.ts'

/** Who asks by an access token. @throws {Problem} 401 */
const byAccessToken = perContext((context: Context) => {
  const { database } = context
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
    if (session_id)
      noteUse(context, row.session_used_at, () => touchSession(database.sql, row.id, session_id))
    return accountOf(row, permissionsOf(row.role), { session_id: session_id ?? undefined, in_person: true })
  }
})

/** Who asks, by whichever way they tell it. @throws {Problem} 401 */
const authenticating = perContext((context: Context) => {
  const byToken = byAccessToken(context)
  const byPersonal = byPersonalToken(context)
  const byProgram = byClient(context)

  /** A key or a signature counts only where there is no `Authorization`, so that a request is never two people’s. */
  return async (request: Request, { largest_body }: Pick<Declaration, 'largest_body'>): Promise<Account> => {
    const authorization = request.headers.get('authorization')
    if (authorization === null) return byProgram(request, largest_body)
    const [scheme, token, ...more] = authorization.split(' ')
    if (scheme?.toLowerCase() !== 'bearer' || !token || more.length > 0) throw unauthorized()
    return token.startsWith(personalTokens.prefix) ? byPersonal(token) : byToken(token)
  }
})

/**
 * Asks once more whether a request would be let in, for answers that go on for long.
 * @returns what asks it, each time with what is so then
 */
export function mayGoOn(context: Context, request: Request, user: Account): () => Promise<boolean> {
  const { headers, url } = request
  // Its own copy: a runtime keeps those of a request no longer than it must.
  const again = new Request(url, { headers: new Headers(headers) })
  // A nonce counts once.
  const isSigned = headers.has('signature')
  return async () => {
    if (isSigned) return (await findAccount(context.database.byKey, user.id, null))?.is_active === true
    return authenticating(context)(again, {}).then(
      () => true,
      error => {
        if (error instanceof Problem && error.status === 401) return false
        throw error
      },
    )
  }
}

/** What every route asks of a request before anything else: who it is, and whether they may, and how often. */
export const admitting = perContext((context: Context) => {
  const authenticate = authenticating(context)
  const limiter = rateLimiter(context)

  /**
   * Authenticates and counts, so that no token and a bad body is 401; whoever needs no token is counted by their network.
   * @throws {Problem} 401, 403 or 429
   */
  return async (request: Request, set: Answering, says: Declaration): Promise<Account | undefined> => {
    const { may, limit, in_person, before_password_change } = says
    const user = may === 'anybody' ? undefined : await authenticate(request, says)
    if (limit !== 'none') await limiter.count(limit, user?.id ?? clientNetwork(request), set)
    if (!user) return undefined
    if (!mayDo(user.permissions, may as Permission) || (in_person && !user.in_person)) throw forbidden()
    if (user.must_change_password && !before_password_change) throw passwordChangeRequired()
    return user
  }
})
