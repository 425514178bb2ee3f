// What everybody can find of what others have saved: public videos and posts, and pages that several people have.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { settle } from '../support/settle.ts'

setDefaultTimeout(60_000)

const ALLOWED = 'wiki.example.org:443'
const TITLE = 'Zebra budget draft'

let trove: Trove
let users: User[]
let reader: User
/** Everybody's own save of one video, which all others are like. */
const own = new Map<User, string>()

beforeAll(async () => {
  trove = await startTrove({
    PLATFORMS: 'youtube,instagram,web',
    FETCH_ALLOW_HOSTS: `127.0.0.1:8123,${ALLOWED}`,
    SHARED_MIN_SAVERS: '3',
  })
  users = await Promise.all(Array.from({ length: 3 }, () => trove.register()))
  reader = await trove.register()
  const { saves } = await save('https://youtu.be/ownvideo001', [reader, ...users])
  for (const [i, user] of [reader, ...users].entries()) own.set(user, saves[i]!)
})
afterAll(() => trove.stop())

/** One READY content that `savers` have. */
async function save(url: string, savers: User[]): Promise<{ content: string; saves: string[] }> {
  const saved = []
  for (const saver of savers) {
    const { body, status } = await saver.post('/v1/items', { url })
    if (status !== 201) throw new Error(`${url} is answered with ${status}`)
    saved.push(body)
  }
  const content: string = saved[0].content.id
  const { sql } = trove.database
  await sql`update shared_contents set status = 'READY', title = ${TITLE} where id = ${content}`
  await settle(sql)
  const { model, vectors } = await trove.context.models.embed([TITLE])
  await sql`
    insert into content_embeddings (content_id, model, embedding)
    values (${content}, ${model}, ${`[${(vectors[0] as Float32Array).join(',')}]`}::vector)
    on conflict do nothing`
  return { content, saves: saved.map(({ save }) => save.id) }
}

/** Where a user finds a content, of all the ways in which everything is searched. */
async function waysTo(user: User, content: string): Promise<string[]> {
  const ways: string[] = []
  const holds = (results: { content: { id: string } }[]) => results.some(it => it.content.id === content)
  for (const mode of ['text', 'semantic', 'hybrid']) {
    const { body } = await user.get(`/v1/search?scope=all&limit=100&mode=${mode}&q=zebra+budget+draft`)
    if (holds(body.results)) ways.push(mode)
  }
  const { body } = await user.get(`/v1/items/${own.get(user)}?include_similar=true&similar_limit=20`)
  if (holds(body.similar_items)) ways.push('similar')
  return ways
}
const EVERYWHERE = ['text', 'semantic', 'hybrid', 'similar']
let pages = 0
const page = () => `https://example.org/page-${++pages}`

describe('by others is found', () => {
  test('a video or post from its first saver on', async () => {
    for (const url of ['https://youtu.be/publicvid01', 'https://www.instagram.com/p/C4x_Zk-9aBc/']) {
      expect(await waysTo(reader, (await save(url, [users[0]!])).content)).toEqual(EVERYWHERE)
    }
  })

  test('a page once SHARED_MIN_SAVERS have it, and no longer when one of them removes it', async () => {
    const { content, saves } = await save(page(), users.slice(0, 2))
    expect(await waysTo(reader, content)).toEqual([])
    const url = `https://example.org/page-${pages}`
    await save(url, [users[2]!])
    expect(await waysTo(reader, content)).toEqual(EVERYWHERE)
    expect((await users[0]!.send('DELETE', `/v1/items/${saves[0]}`)).status).toBe(204)
    expect(await waysTo(reader, content)).toEqual([])
  })

  test.each([
    'https://example.org/doc?share_token=s3cr3t',
    'https://example.org/doc;token=s3cr3t',
    'http://127.0.0.1:8123/doc',
    `https://${ALLOWED.split(':')[0]}/doc`,
  ])('never %s, however many have it', async url => {
    const { content } = await save(url, users)
    expect(await waysTo(reader, content)).toEqual([])
    // It is no secret to who has it.
    expect(await waysTo(users[0]!, content)).toEqual(EVERYWHERE)
  })

  test('nothing that nobody has any more', async () => {
    const { content, saves } = await save('https://youtu.be/removedvid1', [users[0]!])
    expect(await waysTo(reader, content)).toEqual(EVERYWHERE)
    await users[0]!.send('DELETE', `/v1/items/${saves[0]}`)
    expect(await waysTo(reader, content)).toEqual([])
    // Who saves it again has it as it was, and it is found again.
    await save('https://youtu.be/removedvid1', [users[1]!])
    expect(await waysTo(reader, content)).toEqual(EVERYWHERE)
  })

  test('nothing of an address that the operator has listed since, once it is saved again', async () => {
    const url = 'https://example.org/was-public'
    const { content } = await save(url, users)
    expect(await waysTo(reader, content)).toEqual(EVERYWHERE)
    const { config } = trove.context
    config.FETCH_ALLOW_HOSTS.push('example.org:443')
    await save(url, [await trove.register()])
    config.FETCH_ALLOW_HOSTS.pop()
    expect(await waysTo(reader, content)).toEqual([])
  })
})

test('one’s own is found in both scopes and as similar, whatever it is', async () => {
  const { content } = await save('https://example.org/mine?token=s3cr3t', [reader])
  expect(await waysTo(reader, content)).toEqual(EVERYWHERE)
  for (const mode of ['text', 'semantic', 'hybrid']) {
    const { body } = await reader.get(`/v1/search?scope=mine&limit=100&mode=${mode}&q=zebra+budget+draft`)
    expect(body.results.some((it: { content: { id: string } }) => it.content.id === content)).toBe(true)
  }
  expect(await waysTo(users[0]!, content)).toEqual([])
})

test('of what others have that may not be found, no answer or log of mine holds a word', async () => {
  const secret = 'https://example.org/s3cr3t-address?token=s3cr3t'
  await save(secret, users)
  const paths = ['items', 'items?sort_by=save_count', 'clusters', 'clusters/map', 'jobs', 'webhooks', 'audit']
  for (const path of paths) {
    const { body } = await reader.get(`/v1/${path}`)
    expect([path, JSON.stringify(body).includes('s3cr3t-address')]).toEqual([path, false])
  }
  expect(trove.logs.join('\n')).not.toContain('s3cr3t-address')
  const entries = await trove.database.sql`select details from audit_entries`
  expect(JSON.stringify(entries)).not.toContain('s3cr3t')
})
