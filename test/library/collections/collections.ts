// People with bookmarks, without passwords and without links that are read.
import { createApp } from '../../../src/app.ts'
import { type Answer, type Client, clientOf, type Trove } from '../../support/app.ts'
import { addUser } from '../../support/token.ts'

export interface Collector extends Client {
  id: string
  email: string
  send(method: string, path: string, init?: RequestInit): Promise<Answer>
  put(path: string, body: object): Promise<Answer>
  remove(path: string): Promise<Answer>
  /** A work of theirs; its id. */
  work(title: string, fields?: object): Promise<string>
  /** A bookmark of a new work; its id. */
  bookmark(title: string, categoryId?: string): Promise<string>
  category(name: string, fields?: object): Promise<string>
  uncategorized(): Promise<string>
}

export async function newCollector(trove: Trove): Promise<Collector> {
  const { sql } = trove.database
  const { id, email, token } = await addUser(sql, trove.context.config.JWT_SECRET_KEY!)
  const { app } = createApp(trove.context)
  const client = clientOf(request => app.handle(request), { authorization: `Bearer ${token}` })
  const json = { 'content-type': 'application/json' }
  const made = ({ status, body }: Answer): string => {
    if (status !== 201) throw new Error(`It was answered with ${status}: ${JSON.stringify(body)}`)
    return body.id
  }
  const collector: Collector = {
    ...client,
    id,
    email,
    put: (path, body) => client.send('PUT', path, { body: JSON.stringify(body), headers: json }),
    remove: path => client.send('DELETE', path),
    work: async (title, fields = {}) => {
      const work = crypto.randomUUID()
      await sql`
        insert into works ${sql({ user_id: id, id: work, content_type: 'text', title, ...fields })}`
      return work
    },
    bookmark: async (title, categoryId) => {
      const bookmark = made(await client.post('/v1/bookmarks', { content_id: await collector.work(title) }))
      const path = `/v1/bookmarks/${bookmark}/categories`
      if (categoryId) await client.post(path, { category_id: categoryId })
      return bookmark
    },
    category: async (name, fields = {}) =>
      made(await client.post('/v1/bookmark-categories', { name, ...fields })),
    uncategorized: async () => (await client.get('/v1/bookmark-categories?limit=1')).body.items[0].id,
  }
  return collector
}
