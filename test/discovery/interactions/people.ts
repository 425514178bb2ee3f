// Who does something with contents, and contents to do it with.
import { type Client, clientOf, type Trove } from '../../support/app.ts'
import { addUser } from '../../support/token.ts'

export interface Person extends Client {
  id: string
}

/** @param handle an app of the same database, where that is another one */
export async function newPerson(trove: Trove, role = 'normal', handle = trove.handle): Promise<Person> {
  const { sql } = trove.database
  const { id, token } = await addUser(sql, trove.context.config.JWT_SECRET_KEY!)
  await sql`update users set role = ${role} where id = ${id}`
  return { ...clientOf(handle, { authorization: `Bearer ${token}` }), id }
}

let saved = 0

/** A link that a person saves. @returns the save's id */
export async function newSave(who: Person): Promise<string> {
  const { body } = await who.post('/v1/items', {
    url: `https://youtu.be/save${String(++saved).padStart(7, '0')}`,
  })
  return body.save.id
}

/** A work of a person. */
export async function newWork(trove: Trove, who: Person, more: object = {}): Promise<string> {
  const work = { user_id: who.id, id: crypto.randomUUID(), content_type: 'text', title: 'A work', ...more }
  await trove.database.sql`insert into works ${trove.database.sql(work as never)}`
  return work.id
}

export const withBody = (body: unknown): RequestInit => ({
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
})
