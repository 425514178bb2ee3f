// The library that all servers read, and what peers must know to answer as Trove does.
import { v7 as uuidv7 } from 'uuid'
import type { Sql } from '../../src/ground/database/connection.ts'
import { fillLibrary } from '../../test/library/fill-library.ts'
import { type Client, clientOf, type Trove } from '../../test/support/app.ts'
import { signToken } from '../../test/support/token.ts'
import { capture } from './capture.ts'
import { type Statement, statementsOf } from './statements.ts'

const CLUSTERS = 20
const MEMBERS = 50
const IDS = 1000
/** Stands for the link that is saved; peers put the one that they are sent in its place. */
const VIDEO = 'AAAAAAAAAAA'
const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g

/** What peers read, as JSON. */
export interface Plan {
  statements: ReturnType<typeof statementsOf>
  /** Of the list, as its cursor names it. */
  fingerprint: string
  /** All of an ETag but the library's version. */
  etag: string
  save: {
    texts: string[]
    /** JSON of the parameters of each text. Ids, hash and video stand for those of a new save. */
    parameters: string
    ids: string[]
    hash: string
    video: string
    /** Which of the texts gives the content, and which one the item. */
    content: number
    item: number
  }
}

export interface Library {
  plan: Plan
  /** What Trove itself asks, each time. */
  asked: { list: Statement[]; me: Statement[] }
  token: string
  etag: string
  /** Of saves that are looked at one by one. */
  ids: string[]
}

/** Fills a library, and looks at what Trove asks for it. */
export async function openLibrary(trove: Trove, saves: number): Promise<Library> {
  const { sql } = trove.database
  const id = await fillLibrary(sql, saves)
  await addClusters(sql, id)
  const user = { id, email: `${id}@example.com` }
  const token = signToken(trove.context.config.JWT_SECRET_KEY!, user)
  const client = clientOf(request => trove.handle(request), { authorization: `Bearer ${token}` })
  const rows = await sql<{ id: string }[]>`
    select id
    from user_content_saves
    where user_id = ${id} and not is_archived
    order by id
    limit ${IDS}`
  const ids = rows.map(row => row.id)
  const statements = statementsOf(id, ids[0]!)
  // Changes the library, and so what the answers to come are marked with.
  const save = await planSave(trove, client, id, statements.item)
  const asked = {
    me: await capture(trove, () => client.get('/v1/auth/me')),
    list: await capture(trove, () => client.get('/v1/items')),
  }
  const { body, headers } = await client.get('/v1/items')
  const etag = headers.get('etag')!
  const [, , fingerprint] = JSON.parse(Buffer.from(body.next_cursor, 'base64url').toString())
  return {
    plan: { statements, fingerprint, etag: etag.replace(/\d+"$/, ''), save },
    ...{ asked, token, etag, ids },
  }
}

/** What saving a new link asks. Its transaction is the peers' own to begin and to commit. */
async function planSave(
  trove: Trove,
  client: Client,
  userId: string,
  item: Statement,
): Promise<Plan['save']> {
  const url = `https://www.youtube.com/watch?v=${VIDEO}`
  const sent = await capture(trove, () => client.post('/v1/items', { url }))
  const begin = sent.findIndex(({ text }) => text.startsWith('begin'))
  const inside = sent.slice(begin + 1).filter(({ text }) => text !== 'commit')
  const parameters = JSON.stringify(inside.map(each => each.parameters))
  const ids = new Set(parameters.match(UUID))
  ids.delete(userId)
  const texts = inside.map(({ text }) => text)
  const at = texts.findIndex(text => text.startsWith('select') && text.includes('shared_contents'))
  texts[at] = item.text
  return {
    ...{ texts, parameters, ids: [...ids], video: VIDEO },
    hash: parameters.match(/[\da-f]{64}/)![0],
    content: texts.findIndex(text => text.includes('insert into shared_contents')),
    item: at,
  }
}

/** A library has groups, as of a clustering. */
async function addClusters(sql: Sql, userId: string): Promise<void> {
  for (let n = 0; n < CLUSTERS; n++) {
    const id = uuidv7()
    await sql`
      insert into clusters (user_id, id, label, cluster_type, short_description, keywords, item_count, centroid, model)
      values (${userId}, ${id}, ${`Group ${n}`}, 'Tech', 'What it is about, in a sentence.',
        ${sql.json(['one', 'two', 'three'])}, ${MEMBERS}, array_fill(0.1, array[512])::vector, 'none')`
    await sql`
      insert into cluster_members (user_id, save_id, cluster_id, similarity)
      select user_id, id, ${id}, random()
      from user_content_saves
      where user_id = ${userId}
      order by id
      limit ${MEMBERS} offset ${n * MEMBERS}`
  }
  await sql`vacuum (analyze) clusters, cluster_members`
}
