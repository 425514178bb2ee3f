import type { Sql } from '../../ground/database/connection.ts'
import type { Wanted } from '../../ground/http/paging.ts'
import type { Role } from '../permissions.ts'

export interface InvitationRow {
  id: string
  email: string | null
  role: Role
  created_by: string
  expires_at: string
  used_at: string | null
  created_at: string
}

const DAYS = 7

export async function insertInvitation(
  sql: Sql,
  invitation: { id: string; token_hash: string; email: string | null; role: Role; created_by: string },
): Promise<InvitationRow> {
  const [added] = await sql<InvitationRow[]>`
    insert into invitations (id, token_hash, email, role, created_by, expires_at)
    values (
      ${invitation.id}, ${invitation.token_hash}, ${invitation.email}, ${invitation.role}, ${invitation.created_by},
      now() + make_interval(days => ${DAYS})
    )
    returning id, email, role, created_by, expires_at, used_at, created_at`
  return added!
}

/** The newest first: ids are UUIDv7. */
export async function listInvitations(sql: Sql, { limit, offset, after }: Wanted): Promise<InvitationRow[]> {
  return sql<InvitationRow[]>`
    select id, email, role, created_by, expires_at, used_at, created_at
    from invitations
    ${after ? sql`where id < ${after.id}` : sql``}
    order by id desc
    limit ${limit} offset ${offset}`
}

export async function countInvitations(sql: Sql): Promise<number> {
  const [counted] = await sql<{ total: number }[]>`select count(*) as total from invitations`
  return counted!.total
}

/** @returns whether there was one */
export async function deleteInvitation(sql: Sql, id: string): Promise<boolean> {
  const deleted = await sql`
    delete from invitations
    where id = ${id}
    returning id`
  return deleted.length > 0
}

/** Uses up an invitation of somebody who is an admin still, once. @returns its role; undefined when there is none that is good for this email */
export async function useInvitation(
  sql: Sql,
  { id, token_hash, email }: { id: string; token_hash: string; email: string },
): Promise<Role | undefined> {
  const [used] = await sql<{ role: Role }[]>`
    update invitations
    set used_at = now()
    where id = ${id} and token_hash = ${token_hash} and used_at is null and expires_at > now()
      and (email is null or email = ${email})
      and exists (
        select from users u where u.id = invitations.created_by and u.role = 'admin' and u.is_active and u.deleted_at is null
      )
    returning role`
  return used?.role
}
