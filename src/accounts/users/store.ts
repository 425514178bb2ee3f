import type { Sql } from '../../ground/database/connection.ts'
import { overUsers } from '../../ground/database/row-security.ts'
import type { Role } from '../permissions.ts'

export interface UserRow {
  id: string
  username: string | null
  email: string
  full_name: string | null
  company_name: string | null
  locale: string | null
  timezone: string | null
  role: Role
  active: boolean
  subscription_tier: 'free' | 'pro' | 'enterprise'
  must_change_password: boolean
  preferences: Record<string, unknown>
  created_by: string | null
  created_at: string
  updated_at: string
  last_login: string | null
  deleted_at: string | null
  erase_at: string | null
}

const columns = (sql: Sql) => sql`
  id, username, email, full_name, company_name, locale, timezone, role, is_active as active, subscription_tier,
  must_change_password, preferences, created_by, created_at, updated_at, last_login, deleted_at, erase_at`

/** @param deleted whether one in the trash is looked for */
export async function findUser(sql: Sql, id: string, deleted = false): Promise<UserRow | undefined> {
  const [user] = await sql<UserRow[]>`
    select ${columns(sql)}
    from users
    where id = ${id} and ${deleted ? sql`deleted_at is not null` : sql`deleted_at is null`}`
  return user
}

/** The user, for as long as the transaction lasts as they are. */
export async function lockUser(sql: Sql, id: string, deleted = false): Promise<UserRow | undefined> {
  const [user] = await sql<UserRow[]>`
    select ${columns(sql)}
    from users
    where id = ${id} and ${deleted ? sql`deleted_at is not null` : sql`deleted_at is null`}
    for no key update`
  return user
}

export interface Filters {
  role?: Role | undefined
  active?: boolean | undefined
  deleted?: boolean | undefined
  search?: string | undefined
}

const literal = (text: string) => text.replace(/[\\%_]/g, sign => `\\${sign}`)

function matching(sql: Sql, { role, active, deleted = false, search }: Filters) {
  const pattern = `%${literal(search ?? '')}%`
  return sql`
    ${deleted ? sql`deleted_at is not null` : sql`deleted_at is null`}
      ${role ? sql`and role = ${role}` : sql``}
      ${active === undefined ? sql`` : sql`and is_active = ${active}`}
      ${search ? sql`and (email ilike ${pattern} or username ilike ${pattern} or full_name ilike ${pattern})` : sql``}`
}

/** The newest first. */
export async function listUsers(
  sql: Sql,
  filters: Filters,
  { limit, offset }: { limit: number; offset: number },
): Promise<UserRow[]> {
  return sql<UserRow[]>`
    select ${columns(sql)}
    from users
    where ${matching(sql, filters)}
    order by created_at desc, id desc
    limit ${limit} offset ${offset}`
}

export async function countUsers(sql: Sql, filters: Filters): Promise<number> {
  const [counted] = await sql<{ total: number }[]>`
    select count(*) as total
    from users
    where ${matching(sql, filters)}`
  return counted!.total
}

type Changes = Partial<
  Pick<
    UserRow,
    | 'username'
    | 'email'
    | 'full_name'
    | 'company_name'
    | 'locale'
    | 'timezone'
    | 'role'
    | 'subscription_tier'
    | 'must_change_password'
    | 'preferences'
  >
> & { is_active?: boolean }

/**
 * Changes a user; what is not named stays.
 * @throws the constraints `users_email_taken` and `users_username_taken`
 */
export async function changeUser(sql: Sql, id: string, changes: Changes): Promise<UserRow> {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
  const { preferences } = changes
  const [user] = await sql<UserRow[]>`
    update users
    set ${sql({
      ...given,
      ...(preferences ? { preferences: sql.json(preferences as never) } : {}),
      updated_at: new Date().toISOString(),
    } as never)}
    where id = ${id}
    returning ${columns(sql)}`
  return user!
}

/** Puts an account into the trash: it has no email and username there that others could not take. */
export async function trashUser(sql: Sql, id: string, graceDays: number): Promise<void> {
  await sql`
    update users
    set deleted_at = now(), erase_at = least(erase_at, now() + make_interval(days => ${graceDays})),
      updated_at = now()
    where id = ${id}`
  await endPrograms(sql, id)
}

/** Ends what acts in a user's name without signing in. */
export async function endPrograms(sql: Sql, id: string): Promise<void> {
  await sql`
    delete from personal_tokens
    where user_id = ${id}`
  await sql`
    update api_clients
    set is_active = false, updated_at = now()
    where acts_as_user_id = ${id}`
}

/**
 * Takes an account out of the trash.
 * @param erase_at when its user has asked to be erased; null where they have not
 * @throws the constraints `users_email_taken` and `users_username_taken`
 */
export async function restoreUser(sql: Sql, id: string, erase_at: string | null): Promise<UserRow> {
  const [user] = await sql<UserRow[]>`
    update users
    set deleted_at = null, erase_at = ${erase_at}, updated_at = now()
    where id = ${id}
    returning ${columns(sql)}`
  return user!
}

/**
 * Lets one transaction after the other decide about admins, so that two of them do not remove each other.
 * @param isStaying whether those count only who have not asked to be erased
 * @returns how many active admins there are besides this one
 */
export async function countOtherAdmins(sql: Sql, id: string, isStaying = false): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtext('trove admins'))`
  return overUsers(sql, () => countAdminsBut(sql, id, isStaying))
}

async function countAdminsBut(sql: Sql, id: string, isStaying: boolean): Promise<number> {
  const [counted] = await sql<{ others: number }[]>`
    select count(*) as others
    from users
    where role = 'admin' and is_active and deleted_at is null and id <> ${id}
      and (erase_at is null or not ${isStaying}::boolean)`
  return counted!.others
}
