import { createHash } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { Sql } from '../../ground/database/connection.ts'
import { NOBODY } from '../../ground/http/audit/store.ts'
import { queuedJobs } from '../../ground/queue/tables.ts'
import { removeIdentities } from '../oidc/store.ts'

export interface Erasure {
  id: string
  status: 'scheduled' | 'running' | 'done' | 'cancelled'
  scheduled_for: string
}

/** What is left of somebody: SHA-256 of their id, in hex. */
const hashOf = (userId: string): string => createHash('sha256').update(userId).digest('hex')

/** The same, of a column. */
const hashed = (sql: Sql, column: string) =>
  sql`encode(sha256(convert_to(${sql(column)}::text, 'UTF8')), 'hex')`

/** A user's erasure that is to come, or under way. */
export async function findErasure(sql: Sql, userId: string): Promise<Erasure | undefined> {
  const [erasure] = await sql<Erasure[]>`
    select id, status, scheduled_for
    from erasures
    where person_hash = ${hashOf(userId)} and status in ('scheduled', 'running')
      and exists (select from users where id = ${userId} and erase_at is not null)
    order by scheduled_for desc
    limit 1`
  return erasure
}

/** When somebody is to be erased who has asked for it themselves; null where nobody did, or it is under way. */
export async function findWish(sql: Sql, userId: string): Promise<string | null> {
  const [wish] = await sql<{ scheduled_for: string }[]>`
    select scheduled_for
    from erasures
    where person_hash = ${hashOf(userId)} and status = 'scheduled' and scheduled_for > now()
    order by scheduled_for
    limit 1`
  return wish?.scheduled_for ?? null
}

/** Holds a user’s account, in the trash or not, for the time of a transaction. */
export async function holdAccount(sql: Sql, userId: string): Promise<void> {
  await sql`
    select
    from users
    where id = ${userId}
    for update`
}

/** Notes that a user is to be erased in so many days. To be asked with `holdAccount`. */
export async function scheduleErasure(sql: Sql, userId: string, days: number): Promise<Erasure> {
  const [erasure] = await sql<Erasure[]>`
    insert into erasures (id, person_hash, status, scheduled_for)
    values (${uuidv7()}, ${hashOf(userId)}, 'scheduled', now() + make_interval(days => ${days}))
    returning id, status, scheduled_for`
  await sql`
    update users
    set erase_at = ${erasure!.scheduled_for}
    where id = ${userId}`
  return erasure!
}

/** Takes a user's wish back. @returns whether there was one, and it had not begun */
export async function cancelErasure(sql: Sql, userId: string): Promise<boolean> {
  const cancelled = await sql`
    update erasures
    set status = 'cancelled', finished_at = now()
    where person_hash = ${hashOf(userId)} and status = 'scheduled'
    returning id`
  await sql`
    update users
    set erase_at = null
    where id = ${userId} and deleted_at is null`
  return cancelled.length > 0
}

/** Accounts whose time has come and of which no erasure knows, as those that an admin removed: they get one. */
export async function noteDueUsers(sql: Sql): Promise<void> {
  const due = await sql<{ id: string; erase_at: string }[]>`
    select id, erase_at
    from users
    where erase_at <= now()`
  for (const { id, erase_at } of due) {
    const hash = hashOf(id)
    await sql`
      insert into erasures (id, person_hash, status, scheduled_for)
      select ${uuidv7()}, ${hash}, 'scheduled', ${erase_at}
      where not exists (
        select from erasures where person_hash = ${hash} and status in ('scheduled', 'running')
      )`
  }
}

/** Erasures that are due and have no job, not even one that has failed for good. */
export async function findDueErasures(sql: Sql, job: string): Promise<string[]> {
  const due = await sql<{ id: string }[]>`
    select id
    from erasures
    where status in ('scheduled', 'running') and scheduled_for <= now()
    order by scheduled_for, id`
  if (due.length === 0) return []
  const sent = await sql<{ id: string }[]>`
    select j.data ->> 'erasure_id' as id
    from ${queuedJobs(sql)} j
    where (j.queue = ${job} or j.source_queue = ${job}) and j.state <= 'active'`
  const known = new Set(sent.map(({ id }) => id))
  return due.flatMap(({ id }) => (known.has(id) ? [] : id))
}

/** Holds an erasure for the time of a transaction. */
export async function lockErasure(
  sql: Sql,
  id: string,
): Promise<(Erasure & { person_hash: string }) | undefined> {
  const [erasure] = await sql<(Erasure & { person_hash: string })[]>`
    select id, status, scheduled_for, person_hash
    from erasures
    where id = ${id}
    for update`
  return erasure
}

export interface Person {
  id: string
  email: string
  is_due: boolean
  is_active_admin: boolean
}

/** The account behind a hash; undefined when it is gone. */
export async function findPerson(sql: Sql, hash: string): Promise<Person | undefined> {
  const columns = sql`id, email, coalesce(erase_at <= now(), false) as is_due,
    role = 'admin' and is_active and deleted_at is null as is_active_admin`
  const [due] = await sql<Person[]>`
    select ${columns}
    from users
    where erase_at is not null and ${hashed(sql, 'id')} = ${hash}`
  if (due) return due
  const [other] = await sql<Person[]>`
    select ${columns}
    from users
    where ${hashed(sql, 'id')} = ${hash}`
  return other
}

export async function setErasureStatus(sql: Sql, id: string, status: Erasure['status']): Promise<void> {
  await sql`
    update erasures
    set status = ${status}
    where id = ${id}`
}

/** From now on nobody is let in to an account, and its email and username are free. */
export async function closeAccount(sql: Sql, userId: string): Promise<void> {
  await sql`
    update users
    set deleted_at = now()
    where id = ${userId} and deleted_at is null`
}

/** Removes an account, with all rows that go with it, and its name in what else accounts keep. */
export async function deleteAccount(sql: Sql, { id, email }: Person): Promise<void> {
  await removeIdentities(sql, id)
  await sql`
    delete from api_clients
    where acts_as_user_id = ${id}`
  await sql`
    update api_clients
    set created_by = ${NOBODY}
    where created_by = ${id}`
  await sql`
    delete from invitations
    where email = ${email}`
  await sql`
    update invitations
    set created_by = ${NOBODY}
    where created_by = ${id}`
  await sql`
    update users
    set created_by = null
    where created_by = ${id}`
  await sql`
    delete from users
    where id = ${id}`
}

export async function finishErasure(sql: Sql, id: string): Promise<void> {
  await sql`
    update erasures
    set status = 'done', finished_at = now()
    where id = ${id}`
}

/** Everybody who was erased, as this database knows it. */
export async function listErased(sql: Sql): Promise<string[]> {
  const done = await sql<{ person_hash: string }[]>`
    select person_hash
    from erasures
    where status = 'done'`
  return done.map(({ person_hash }) => person_hash)
}

/** Lets people who are back go again, at once. @returns their erasures */
export async function repeatErasures(sql: Sql, hashes: string[]): Promise<string[]> {
  if (hashes.length === 0) return []
  const back = await sql<{ id: string }[]>`
    select id
    from users
    where ${hashed(sql, 'id')} in ${sql(hashes)}`
  const now = new Date().toISOString()
  const repeated: string[] = []
  for (const { id } of back) {
    const known = await findErasure(sql, id)
    const erasure = known ?? (await scheduleErasure(sql, id, 0))
    await sql`
      update users
      set erase_at = ${now}, deleted_at = coalesce(deleted_at, ${now})
      where id = ${id}`
    repeated.push(erasure.id)
  }
  return repeated
}

/** Drops links to set a new password that count no more. */
export async function dropEndedResets(sql: Sql): Promise<void> {
  await sql`
    delete from password_resets
    where expires_at < now()`
}
