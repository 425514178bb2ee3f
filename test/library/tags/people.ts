import { type Answer, type Client, clientOf, type Trove } from '../../support/app.ts'
import { addUser } from '../../support/token.ts'

export interface Person extends Client {
  id: string
  patch(path: string, body: unknown): Promise<Answer>
  remove(path: string): Promise<Answer>
  /** Makes a tag. @returns its id */
  tag(name: string, more?: object): Promise<string>
  link(parent_id: string, child_id: string): Promise<Answer>
}

export async function newPerson(trove: Trove, role = 'normal'): Promise<Person> {
  const { sql } = trove.database
  const { token, id } = await addUser(sql, trove.context.config.JWT_SECRET_KEY!)
  await sql`update users set role = ${role} where id = ${id}`
  const client = clientOf(request => trove.handle(request), { authorization: `Bearer ${token}` })
  return {
    ...client,
    id,
    patch: (path, body) =>
      client.send('PATCH', path, {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    remove: path => client.send('DELETE', path),
    tag: async (name, more = {}) => {
      const { status, body } = await client.post('/v1/tags', { name, ...more })
      if (status !== 201) throw new Error(`The tag was not made: ${status} ${JSON.stringify(body)}`)
      return body.id
    },
    link: (parent_id, child_id) => client.post('/v1/tags/hierarchy', { parent_id, child_id }),
  }
}
