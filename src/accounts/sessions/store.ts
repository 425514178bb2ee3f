import type { Sql } from '../../ground/database/connection.ts'
import type { Profile } from '../store.ts'

/** A session is over after so many days without a refresh, or as JWT_EXPIRY_DAYS says; and at last after so many. */
const REMEMBERED_DAYS = 30
const MOST_DAYS = 90
/** A token that was used before counts for so long once more: tabs that ask at once, answers that were lost. */
const GRACE = '10 seconds'
const DAY_MS = 86_400_000

/** What an access token says of its user. */
export type SessionUser = Pick<
  Profile,
  'id' | 'email' | 'username' | 'role' | 'subscription_tier' | 'must_change_password' | 'created_at'
>

export interface Session {
  id: string
  counter: number
  /** Seconds until it ends. */
  lives: number
}

/** When a session ends that is begun or continued now. */
function endOf(days: number, remembers: boolean, created: number): Date {
  const lasts = Math.max(days, remembers ? REMEMBERED_DAYS : 0)
  return new Date(Math.min(Date.now() + lasts * DAY_MS, created + Math.max(days, MOST_DAYS) * DAY_MS))
}

const secondsUntil = (end: Date): number => Math.ceil((end.getTime() - Date.now()) / 1000)

/** @param days how long a session lasts where its user is not remembered */
export async function insertSession(
  sql: Sql,
  session: {
    user_id: string
    id: string
    remembers: boolean
    ip_address: string | null
    user_agent: string | null
  },
  days: number,
): Promise<Session> {
  const end = endOf(days, session.remembers, Date.now())
  const lives = secondsUntil(end)
  await sql`
    insert into sessions (user_id, id, remembers, expires_at, ip_address, user_agent)
    values (
      ${session.user_id}, ${session.id}, ${session.remembers}, ${end.toISOString()}, ${session.ip_address},
      ${session.user_agent}
    )`
  return { id: session.id, counter: 0, lives }
}

/** Notes a sign-in, and gives what the token says of its user. */
export async function noteSignIn(sql: Sql, userId: string): Promise<SessionUser> {
  const [user] = await sql<SessionUser[]>`
    update users
    set last_login = now()
    where id = ${userId}
    returning id, email, username, role, subscription_tier, must_change_password, created_at`
  return user!
}

/** A session that is to go on, and its user. */
interface Found extends Omit<SessionUser, 'id'> {
  /** Whether the token is the one that counts, or the one before it, moments later. */
  is_next: boolean
  is_again: boolean
  remembers: boolean
  expires_at: string
  user_created_at: string
}

export type Refreshed = { user: SessionUser; session: Session } | 'unknown' | 'reused'

/**
 * Continues a session by one of its tokens. The one that counts is replaced by the next; the one before it, moments later,
 * gives the same next one again; any older one has been stolen, by whoever asks or from them, and ends the session.
 * To be called in a transaction.
 */
export async function refreshSession(
  sql: Sql,
  { user_id, session_id, counter }: { user_id: string; session_id: string; counter: number },
  days: number,
): Promise<Refreshed> {
  const [found] = await sql<Found[]>`
    select s.counter = ${counter} as is_next,
      s.counter = ${counter}::int + 1 and s.rotated_at > now() - ${GRACE}::interval as is_again,
      s.remembers, s.expires_at, s.created_at, u.email, u.username, u.role, u.subscription_tier,
      u.must_change_password, u.created_at as user_created_at
    from sessions s
    join users u on u.id = s.user_id and u.is_active and u.deleted_at is null
    where s.user_id = ${user_id} and s.id = ${session_id} and s.expires_at > now()
    for update of s`
  if (!found) return 'unknown'
  const { is_next, is_again, remembers, expires_at, created_at, user_created_at, ...named } = found
  if (!is_next && !is_again) {
    await endSession(sql, user_id, session_id)
    return 'reused'
  }
  const user = { id: user_id, ...named, created_at: user_created_at }
  const end = is_next ? endOf(days, remembers, Date.parse(created_at)) : new Date(expires_at)
  if (is_next) {
    await sql`
      update sessions
      set counter = counter + 1, rotated_at = now(), last_used_at = now(), expires_at = ${end.toISOString()}
      where user_id = ${user_id} and id = ${session_id}`
  }
  return { user, session: { id: session_id, counter: counter + 1, lives: secondsUntil(end) } }
}

/** @returns whether there was one */
export async function endSession(sql: Sql, userId: string, id: string): Promise<boolean> {
  const ended = await sql`
    delete from sessions
    where user_id = ${userId} and id = ${id}
    returning id`
  return ended.length > 0
}

/**
 * Ends all of a user's sessions, and whatever tokens name none.
 * @param but one that goes on
 */
export async function endSessions(sql: Sql, userId: string, but?: string): Promise<void> {
  // The account is locked first: a sign-in that runs meanwhile has begun its session before, or waits and is refused.
  await sql`
    update users
    set tokens_from = now()
    where id = ${userId}`
  await sql`
    delete from sessions
    where user_id = ${userId} ${but ? sql`and id <> ${but}` : sql``}`
}

export interface SessionRow {
  id: string
  ip_address: string | null
  user_agent: string | null
  remember_me: boolean
  last_used_at: string
  expires_at: string
  created_at: string
}

/** A user's sessions that are alive, the one last used first. */
export async function listSessions(sql: Sql, userId: string): Promise<SessionRow[]> {
  return sql<SessionRow[]>`
    select id, ip_address, user_agent, remembers as remember_me, last_used_at, expires_at, created_at
    from sessions
    where user_id = ${userId} and expires_at > now()
    order by last_used_at desc, id`
}

/** Whether a session was begun within so many minutes. */
export async function isFreshSession(
  sql: Sql,
  userId: string,
  id: string,
  minutes: number,
): Promise<boolean> {
  const found = await sql`
    select
    from sessions
    where user_id = ${userId} and id = ${id} and created_at > now() - make_interval(mins => ${minutes})`
  return found.length > 0
}

/** Drops what has ended by itself. @returns how many */
export async function dropEndedSessions(sql: Sql, most: number): Promise<number> {
  const dropped = await sql`
    delete from sessions
    where (user_id, id) in (
      select user_id, id from sessions where expires_at < now() order by expires_at limit ${most}
    )
    returning id`
  return dropped.length
}
