import type { Sql } from '../../ground/database/connection.ts'
import type { Scope } from '../permissions.ts'

export interface PersonalToken {
  id: string
  name: string
  scopes: Scope[]
  expires_at: string | null
  last_used_at: string | null
  created_at: string
}

/** How many tokens a user has, ended ones included; until the transaction ends nobody else can count theirs. */
export async function countTokensAlone(sql: Sql, userId: string): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`personal tokens of ${userId}`}, 0))`
  const [counted] = await sql<{ total: number }[]>`
    select count(*) as total
    from personal_tokens
    where user_id = ${userId}`
  return counted!.total
}

export async function insertToken(
  sql: Sql,
  token: {
    user_id: string
    id: string
    name: string
    scopes: Scope[]
    token_hash: string
    expires_at: string | null
  },
): Promise<PersonalToken> {
  const [made] = await sql<PersonalToken[]>`
    insert into personal_tokens (user_id, id, name, scopes, token_hash, expires_at)
    values (
      ${token.user_id}, ${token.id}, ${token.name}, ${sql.json(token.scopes)}, ${token.token_hash},
      ${token.expires_at}
    )
    returning id, name, scopes, expires_at, last_used_at, created_at`
  return made!
}

/** A user's tokens, the newest first; those that have ended stay until they are revoked. */
export async function listTokens(sql: Sql, userId: string): Promise<PersonalToken[]> {
  return sql<PersonalToken[]>`
    select id, name, scopes, expires_at, last_used_at, created_at
    from personal_tokens
    where user_id = ${userId}
    order by id desc`
}

/** @returns whether there was one */
export async function deleteToken(sql: Sql, userId: string, id: string): Promise<boolean> {
  const deleted = await sql`
    delete from personal_tokens
    where user_id = ${userId} and id = ${id}
    returning id`
  return deleted.length > 0
}

export interface UsedToken {
  scopes: Scope[]
  token_hash: string
  last_used_at: string | null
}

/** A token that has not ended, for whoever shows it. */
export async function findToken(sql: Sql, userId: string, id: string): Promise<UsedToken | undefined> {
  const [token] = await sql<UsedToken[]>`
    select scopes, token_hash, last_used_at
    from personal_tokens
    where user_id = ${userId} and id = ${id} and (expires_at is null or expires_at > now())`
  return token
}

/** Notes that a token was used, at most once in five minutes. */
export async function touchToken(sql: Sql, userId: string, id: string): Promise<void> {
  await sql`
    update personal_tokens
    set last_used_at = now()
    where user_id = ${userId} and id = ${id}
      and (last_used_at is null or last_used_at < now() - interval '5 minutes')`
}
