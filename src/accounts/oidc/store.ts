import type { Sql } from '../../ground/database/connection.ts'

/** Whose account an identity is; undefined for one that is nobody's yet. */
export async function findIdentity(sql: Sql, identityHash: string): Promise<string | undefined> {
  const [identity] = await sql<{ account_id: string }[]>`
    select account_id
    from sign_in_identities
    where identity_hash = ${identityHash}`
  return identity?.account_id
}

export interface NewIdentity {
  identity_hash: string
  account_id: string
  issuer: string
}

/** @returns false where it is somebody's already, and stays theirs */
export async function addIdentity(
  sql: Sql,
  { identity_hash, account_id, issuer }: NewIdentity,
): Promise<boolean> {
  const added = await sql`
    insert into sign_in_identities (identity_hash, account_id, issuer)
    values (${identity_hash}, ${account_id}, ${issuer})
    on conflict (identity_hash) do nothing
    returning identity_hash`
  return added.length > 0
}

/** From then on nobody signs in to an account at a provider, until it is linked again. */
export async function removeIdentities(sql: Sql, accountId: string): Promise<void> {
  await sql`
    delete from sign_in_identities
    where account_id = ${accountId}`
}
