import { problem } from '../../ground/http/problem.ts'
import { notFound } from '../../ground/http/problems.ts'
import { route } from '../../route.ts'
import { accessTokens } from '../admission/access-token.ts'
import { SIGNED_IN } from '../examples.ts'
import { revokeToken } from '../personal-tokens/by-token.ts'
import { AuthAnswer } from '../schema.ts'
import { readRefreshToken } from './refresh-token.ts'
import { LogoutAnswer, LogoutBody, RefreshBody, RevokeBody, SessionParams, SessionsAnswer } from './schema.ts'
import { tokensOf } from './sign-in.ts'
import { endSession, endSessions, listSessions, refreshSession } from './store.ts'

const headers = { 'www-authenticate': 'Bearer' }
const invalidRefreshToken = problem(
  401,
  'INVALID_REFRESH_TOKEN',
  'The refresh token is unknown, or its session has ended. Sign in again.',
  { headers },
)
const refreshReused = problem(
  401,
  'REFRESH_REUSED',
  'The refresh token was used before, so its session has been ended. Sign in again.',
  { headers },
)
const sessionNotFound = notFound('Session not found')

const refresh = route(
  'POST /v1/auth/refresh',
  {
    id: 'refresh',
    tag: 'Accounts',
    summary: 'Continue a session with new tokens',
    description:
      'Each refresh token counts once; for ten seconds more it gives the same next one, so that tabs which ask at once and answers that were lost do no harm. An older one ends the session: it was stolen, or something else was.',
    may: 'anybody',
    limit: 'refresh',
    body: RefreshBody,
    example: { refresh_token: SIGNED_IN.refresh_token },
    gives: { body: AuthAnswer, text: 'The user and the next tokens.', example: SIGNED_IN },
    problems: [invalidRefreshToken, refreshReused],
    audit: { of: 'session', actions: ['refresh_reused'] },
  },
  {
    handle: async ({ tx, body, context: { config }, audit }) => {
      const token = readRefreshToken(config, body.refresh_token)
      if (!token) throw invalidRefreshToken()
      const refreshed = await refreshSession(tx, token, config.JWT_EXPIRY_DAYS)
      // Recorded, and so not thrown before the transaction has ended.
      if (refreshed === 'reused') await audit(token.session_id, {}, { user_id: token.user_id })
      return refreshed
    },
    finish: (refreshed, { context }) => {
      if (refreshed === 'unknown') throw invalidRefreshToken()
      if (refreshed === 'reused') throw refreshReused()
      return tokensOf(context, refreshed)
    },
  },
)

const logout = route(
  'POST /v1/auth/logout',
  {
    id: 'logout',
    tag: 'Accounts',
    summary: 'Sign out',
    description:
      'Ends this session, or with `all` every session of the account. Its tokens count no more at once.',
    may: 'read',
    in_person: true,
    before_password_change: true,
    limit: 'writes',
    body: LogoutBody,
    example: { all: false },
    gives: {
      body: LogoutAnswer,
      text: 'The session has ended.',
      example: { message: 'Successfully logged out' },
    },
    audit: { of: 'session', actions: ['logout', 'logout_all'] },
  },
  async ({ tx, user, body, audit }) => {
    // A token that names no session ends with all the others that name none.
    if (body?.all || !user.session_id) await endSessions(tx, user.id)
    else await endSession(tx, user.id, user.session_id)
    await audit(user.session_id, {}, { action: body?.all ? 'logout_all' : 'logout' })
    return { message: 'Successfully logged out' as const }
  },
)

const sessions = route(
  'GET /v1/auth/sessions',
  {
    id: 'listSessions',
    tag: 'Accounts',
    summary: 'Where you are signed in',
    description:
      'Each device with its address, its agent and its last use, to five minutes; the one last used first.',
    may: 'read',
    in_person: true,
    limit: 'default',
    gives: {
      body: SessionsAnswer,
      text: 'The sessions that are alive.',
      example: {
        sessions: [
          {
            id: '019a5c3e-7c12-7d10-9f31-0b7a44c2d9e5',
            is_current: true,
            ip_address: '203.0.113.7',
            user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
            remember_me: false,
            last_used_at: '2026-01-15T09:12:44.120Z',
            expires_at: '2026-01-22T09:12:44.120Z',
            created_at: '2026-01-15T09:12:44.120Z',
          },
        ],
        total: 1,
      },
    },
  },
  async ({ sql, user }) => {
    const rows = await listSessions(sql, user.id)
    const sessions = rows.map(row => ({ ...row, is_current: row.id === user.session_id }))
    return { sessions, total: sessions.length }
  },
)

const endOne = route(
  'DELETE /v1/auth/sessions/:id',
  {
    id: 'endSession',
    tag: 'Accounts',
    summary: 'Sign out a device',
    description: 'Ends one of your sessions. Its tokens count no more at once.',
    may: 'write',
    in_person: true,
    limit: 'writes',
    params: SessionParams,
    gives: { text: 'The session has ended.' },
    problems: [sessionNotFound],
    audit: { of: 'session', actions: ['end_session'] },
  },
  async ({ tx, user, params, audit }) => {
    if (!(await endSession(tx, user.id, params.id))) throw sessionNotFound()
    await audit(params.id)
  },
)

const revoke = route(
  'POST /v1/auth/tokens/revoke',
  {
    id: 'revokeToken',
    tag: 'Accounts',
    summary: 'Revoke a token',
    description:
      'An access or a refresh token: its session ends, and with it all tokens of the session. A personal token ends by itself. Who has the token may revoke it; of an unknown one nothing is said (RFC 7009).',
    may: 'anybody',
    limit: 'auth',
    body: RevokeBody,
    example: { token: SIGNED_IN.refresh_token },
    gives: { text: 'The token counts no more.' },
    audit: { of: 'session', actions: ['revoke_token'] },
  },
  {
    prepare: async ({ body, context }) => {
      const token = readRefreshToken(context.config, body.token)
      return token ?? sessionOf(await accessTokens(context).read(body.token))
    },
    handle: async ({ tx, body, prepared, audit }) => {
      const personal = await revokeToken(tx, body.token)
      if (personal) await audit(personal.id, {}, { user_id: personal.user_id })
      if (!prepared) return
      const { user_id, session_id } = prepared
      const isEnded = session_id ? await endSession(tx, user_id, session_id) : await endSessions(tx, user_id)
      if (isEnded !== false) await audit(session_id ?? undefined, {}, { user_id })
    },
  },
)

const sessionOf = (bearer: { id: string; session_id: string | null } | undefined) =>
  bearer && { user_id: bearer.id, session_id: bearer.session_id }

export const sessionRoutes = [refresh, logout, sessions, endOne, revoke]
