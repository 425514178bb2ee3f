// What every way of signing in ends with: a session, and the two tokens that stand for it.
import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../../context.ts'
import type { Sql } from '../../ground/database/connection.ts'
import { clientAddress } from '../../ground/http/edge/client-address.ts'
import { accessTokens } from '../admission/access-token.ts'
import type { SignedIn } from '../schema.ts'
import { writeRefreshToken } from './refresh-token.ts'
import { insertSession, noteSignIn, type Session, type SessionUser } from './store.ts'

/** The user as an answer shows them. */
export const shownUser = ({
  id,
  email,
  username,
  role,
  subscription_tier,
  must_change_password,
  created_at,
}: SessionUser) => ({
  id,
  email,
  username,
  role,
  roles: [role],
  subscription_tier,
  must_change_password,
  created_at,
})

/** Begins a session, in the transaction. */
export async function startSession(
  tx: Sql,
  context: Context,
  request: Request,
  userId: string,
  remembers: boolean,
): Promise<{ user: SessionUser; session: Session }> {
  const session = {
    user_id: userId,
    id: uuidv7(),
    remembers,
    ip_address: clientAddress(request) ?? null,
    user_agent: request.headers.get('user-agent')?.slice(0, 500) ?? null,
  }
  const user = await noteSignIn(tx, userId)
  return { user, session: await insertSession(tx, session, context.config.JWT_EXPIRY_DAYS) }
}

/** The two tokens of a session as it is now. */
export async function tokensOf(
  context: Context,
  { user, session }: { user: SessionUser; session: Session },
): Promise<SignedIn> {
  const tokens = accessTokens(context)
  const expires_in = Math.min(tokens.seconds, session.lives)
  return {
    user: shownUser(user),
    access_token: await tokens.issue(user, session.id, expires_in),
    token_type: 'bearer',
    expires_in,
    refresh_token: writeRefreshToken(context.config, {
      user_id: user.id,
      session_id: session.id,
      counter: session.counter,
    }),
    refresh_expires_in: session.lives,
  }
}
