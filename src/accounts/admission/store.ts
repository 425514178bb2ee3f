import type { Sql } from '../../ground/database/connection.ts'
import type { Permission, Role } from '../permissions.ts'

/** A user as every request sees them: `library_version` is what conditional GETs compare. */
export interface Account {
  id: string
  email: string
  created_at: string
  role: Role
  /** What the request may do, which is less than the role may where a token or a key was limited. */
  permissions: readonly Permission[]
  must_change_password: boolean
  library_version: number
  /** Of who signed in themselves; undefined where a program of theirs asks by a token or a key. */
  session_id: string | undefined
  /** Whether they signed in, at whatever place: what is theirs alone is for nobody's program. */
  in_person: boolean
}

/** What the database knows of an account that asks. */
export interface AccountRow {
  id: string
  email: string
  created_at: string
  role: Role
  must_change_password: boolean
  is_active: boolean
  library_version: number
  tokens_from: string | null
  /** Null where the session that was asked for is none. */
  session_used_at: string | null
}

/**
 * The account, and whether a session of it is alive; undefined when it is gone.
 * @param sessionId null to ask for none
 */
export async function findAccount(
  sql: Sql,
  id: string,
  sessionId: string | null,
): Promise<AccountRow | undefined> {
  const [row] = await sql<AccountRow[]>`
    select u.id, u.email, u.created_at, u.role, u.must_change_password, u.is_active, u.tokens_from,
      l.version as library_version, s.last_used_at as session_used_at
    from users u
    join libraries l on l.user_id = u.id
    left join sessions s on s.user_id = u.id and s.id = ${sessionId} and s.expires_at > now()
    where u.id = ${id} and u.deleted_at is null`
  return row
}

/** Notes that a session was used, at most once in five minutes. */
export async function touchSession(sql: Sql, userId: string, id: string): Promise<void> {
  await sql`
    update sessions
    set last_used_at = now()
    where user_id = ${userId} and id = ${id} and last_used_at < now() - interval '5 minutes'`
}
