import type { Sql } from '../../ground/database/connection.ts'
import type { ClientPermission } from '../permissions.ts'
import type { Kept } from './secrets.ts'

/** How long the key and the secret of before a rotation count. */
const PREVIOUS_COUNTS = '24 hours'
/** The clocks of program and server may differ by five minutes either way, so that a nonce is good for ten; and a bit. */
const NONCE_KEPT = '11 minutes'

export interface ClientRow {
  id: string
  name: string
  description: string | null
  permissions: ClientPermission[]
  acts_as_user_id: string
  require_signature: boolean
  key_prefix: string
  is_active: boolean
  expires_at: string | null
  last_used_at: string | null
  created_at: string
  updated_at: string
}

const columns = (sql: Sql) => sql`
  id, name, description, permissions, acts_as_user_id, require_signature, key_prefix, is_active, expires_at,
  last_used_at, created_at, updated_at`

type Editable = Pick<
  ClientRow,
  | 'name'
  | 'description'
  | 'permissions'
  | 'acts_as_user_id'
  | 'require_signature'
  | 'is_active'
  | 'expires_at'
>

export async function insertClient(
  sql: Sql,
  client: Omit<Editable, 'is_active'> & Kept & { id: string; created_by: string },
): Promise<ClientRow> {
  const [made] = await sql<ClientRow[]>`
    insert into api_clients (
      id, name, description, permissions, acts_as_user_id, require_signature, expires_at, created_by,
      key_hash, key_prefix, secret_sealed
    )
    values (
      ${client.id}, ${client.name}, ${client.description}, ${sql.json(client.permissions)},
      ${client.acts_as_user_id}, ${client.require_signature}, ${client.expires_at}, ${client.created_by},
      ${client.key_hash}, ${client.key_prefix}, ${client.secret_sealed}
    )
    returning ${columns(sql)}`
  return made!
}

/** The newest first. */
export async function listClients(sql: Sql, most: number, passOver: number): Promise<ClientRow[]> {
  return sql<ClientRow[]>`
    select ${columns(sql)}
    from api_clients
    order by id desc
    limit ${most} offset ${passOver}`
}

export async function countClients(sql: Sql): Promise<number> {
  const [counted] = await sql<{ total: number }[]>`
    select count(*) as total
    from api_clients`
  return counted!.total
}

export async function findClient(sql: Sql, id: string): Promise<ClientRow | undefined> {
  const [client] = await sql<ClientRow[]>`
    select ${columns(sql)}
    from api_clients
    where id = ${id}`
  return client
}

/** Changes a part of a client; what is not named stays. */
export async function editClient(
  sql: Sql,
  id: string,
  { permissions, ...more }: { [Field in keyof Editable]?: Editable[Field] | undefined },
): Promise<ClientRow | undefined> {
  const changes = { ...more, permissions: permissions && sql.json(permissions) }
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
  if (Object.keys(given).length === 0) return findClient(sql, id)
  const [client] = await sql<ClientRow[]>`
    update api_clients
    set ${sql(given)}, updated_at = now()
    where id = ${id}
    returning ${columns(sql)}`
  return client
}

/** Gives a client another key and secret; those of before count for a day, and those before them no more. */
export async function rotateClient(
  sql: Sql,
  id: string,
  { key_hash, key_prefix, secret_sealed }: Kept,
): Promise<(ClientRow & { previous_until: string }) | undefined> {
  const [client] = await sql<(ClientRow & { previous_until: string })[]>`
    update api_clients
    set previous_key_hash = key_hash, previous_secret_sealed = secret_sealed,
      previous_until = now() + ${PREVIOUS_COUNTS}::interval,
      key_hash = ${key_hash}, key_prefix = ${key_prefix}, secret_sealed = ${secret_sealed}, updated_at = now()
    where id = ${id}
    returning ${columns(sql)}, previous_until`
  return client
}

/** @returns whether there was one */
export async function deleteClient(sql: Sql, id: string): Promise<boolean> {
  const deleted = await sql`
    delete from api_clients
    where id = ${id}
    returning id`
  return deleted.length > 0
}

/** Whether somebody has an account, be it disabled; not in the trash. */
export async function isUser(sql: Sql, id: string): Promise<boolean> {
  const found = await sql`
    select from users
    where id = ${id} and deleted_at is null`
  return found.length > 0
}

/** What is compared with what a program shows. */
export interface Caller {
  id: string
  permissions: ClientPermission[]
  acts_as_user_id: string
  require_signature: boolean
  key_hash: string
  secret_sealed: string
  /** Null once they count no more. */
  previous_key_hash: string | null
  previous_secret_sealed: string | null
  last_used_at: string | null
}

/** A client that may call, for whoever says to be it. */
export async function findCaller(sql: Sql, id: string): Promise<Caller | undefined> {
  const [found] = await sql<(Caller & { has_previous: boolean | null })[]>`
    select id, permissions, acts_as_user_id, require_signature, key_hash, secret_sealed, previous_key_hash,
      previous_secret_sealed, previous_until > now() as has_previous, last_used_at
    from api_clients
    where id = ${id} and is_active and (expires_at is null or expires_at > now())`
  if (!found) return undefined
  const { has_previous, ...caller } = found
  return has_previous ? caller : { ...caller, previous_key_hash: null, previous_secret_sealed: null }
}

/** Notes that a client called, at most once in five minutes. */
export async function touchClient(sql: Sql, id: string): Promise<void> {
  await sql`
    update api_clients
    set last_used_at = now()
    where id = ${id} and (last_used_at is null or last_used_at < now() - interval '5 minutes')`
}

/** Uses a nonce up. @returns false when it was already, by whatever process */
export async function useNonce(sql: Sql, hash: string): Promise<boolean> {
  const used = await sql`
    insert into used_nonces (nonce_hash)
    values (${hash})
    on conflict (nonce_hash) do nothing
    returning nonce_hash`
  return used.length > 0
}

/** Drops nonces of signatures that are too old to count. @returns how many */
export async function dropOldNonces(sql: Sql, most: number): Promise<number> {
  const dropped = await sql`
    delete from used_nonces
    where nonce_hash in (
      select nonce_hash
      from used_nonces
      where created_at < now() - ${NONCE_KEPT}::interval
      order by created_at
      limit ${most}
    )
    returning nonce_hash`
  return dropped.length
}

interface SealedSecrets {
  secret_sealed: string | null
  previous_secret_sealed: string | null
}

/** The sealed secrets of all clients. */
export async function listSealedSecrets(sql: Sql): Promise<(SealedSecrets & { id: string })[]> {
  return sql<(SealedSecrets & { id: string })[]>`
    select id, secret_sealed, previous_secret_sealed
    from api_clients`
}

/** Puts the same secrets, sealed anew, where they are still those of before. */
export async function putSealedSecrets(
  sql: Sql,
  id: string,
  before: SealedSecrets,
  now: SealedSecrets,
): Promise<void> {
  await sql`
    update api_clients
    set secret_sealed = ${now.secret_sealed}, previous_secret_sealed = ${now.previous_secret_sealed}
    where id = ${id} and secret_sealed = ${before.secret_sealed}`
}
