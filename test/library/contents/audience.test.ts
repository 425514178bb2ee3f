import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { findReadable } from '../../../src/library/contents/store.ts'
import { startTrove, type Trove, type User } from '../../support/app.ts'

setDefaultTimeout(60_000)

let trove: Trove
let ada: User
let bob: User
beforeAll(async () => {
  trove = await startTrove()
  ada = await trove.register()
  bob = await trove.register()
})
afterAll(() => trove.stop())

let videos = 0

/** A content that `savers` have. */
async function contentOf(...savers: User[]): Promise<{ content_id: string; attempt: string }> {
  const url = `https://youtu.be/audience${String(++videos).padStart(3, '0')}`
  const { body } = await bob.post('/v1/items', { url })
  for (const saver of savers) if (saver !== bob) await saver.post('/v1/items', { url })
  if (!savers.includes(bob)) await bob.send('DELETE', `/v1/items/${body.save.id}`)
  return { content_id: body.content.id, attempt: body.job_id }
}

async function audiences(contents: { content_id: string; attempt: string }[]): Promise<string[]> {
  const readable = await findReadable(trove.database.sql, contents)
  return contents.map(({ content_id }) => readable.find(it => it.content_id === content_id)!.audience)
}

test('contents have one audience when the same people have saved them, in whatever order', async () => {
  const [first, second, other, both, alsoBoth] = await audiences([
    await contentOf(ada),
    await contentOf(ada),
    await contentOf(bob),
    await contentOf(ada, bob),
    await contentOf(bob, ada),
  ])
  expect(first).toBe(second!)
  expect(both).toBe(alsoBoth!)
  expect(new Set([first, other, both]).size).toBe(3)
})

test('what nobody has, and what very many have, is an audience of its own', async () => {
  const contents = [await contentOf(), await contentOf(), await contentOf(ada), await contentOf(ada)]
  const { sql } = trove.database
  const famous = contents.slice(2).map(({ content_id }) => content_id)
  await sql`update shared_contents set save_count = 101 where id in ${sql(famous)}`
  expect(new Set(await audiences(contents)).size).toBe(4)
})
