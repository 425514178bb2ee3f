import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import placeSave from '#jobs/place-save'
import { joinNearest } from '../../src/clustering/clusters/store.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { settle } from '../support/settle.ts'

let trove: Trove
let user: User
let cluster: string
let saved = 0
beforeAll(async () => {
  trove = await startTrove()
})
afterAll(() => trove.stop())

/** A unit vector at an angle to the first axis, whose cosine to it is given. */
const at = (cosine: number) => {
  const vector = Array<number>(512).fill(0)
  vector[0] = cosine
  vector[1] = Math.sqrt(1 - cosine * cosine)
  return `[${vector.join(',')}]`
}
const configured = () => trove.context.models.embeddingModel

/** A READY save whose vector has this cosine to the cluster's middle. */
async function save(cosine: number, model = configured()) {
  const url = `https://youtu.be/join${String(saved++).padStart(7, '0')}`
  const { body } = await user.post('/v1/items', { url })
  const { sql } = trove.database
  await sql`update shared_contents set status = 'READY', title = 'A title' where id = ${body.content.id}`
  await settle(sql)
  await sql`
    insert into content_embeddings (content_id, model, embedding)
    values (${body.content.id}, ${model}, ${at(cosine)}::vector)`
  return { user_id: user.id, save_id: body.save.id as string, content_id: body.content.id as string }
}
async function addMember(cosine: number) {
  const { save_id } = await save(cosine)
  await trove.database.sql`
    insert into cluster_members (user_id, save_id, cluster_id, similarity)
    values (${user.id}, ${save_id}, ${cluster}, ${cosine})`
  await trove.database.sql`update clusters set item_count = item_count + 1 where id = ${cluster}`
  return save_id
}
const clusterOf = async ({ save_id }: { save_id: string }) =>
  (await user.get(`/v1/items/${save_id}`)).body.cluster?.id
const countOf = async () => (await user.get(`/v1/clusters/${cluster}`)).body.cluster.item_count

beforeEach(async () => {
  user = await trove.register()
  cluster = crypto.randomUUID()
  await trove.database.sql`
    insert into clusters (user_id, id, label, centroid, model)
    values (${user.id}, ${cluster}, 'The cluster', ${at(1)}::vector, ${configured()})`
  for (const cosine of [0.95, 0.9, 0.8, 0.7]) await addMember(cosine)
})

describe('a save that becomes READY', () => {
  test('joins the nearest cluster at once, when it is as near as its members are', async () => {
    const near = await save(0.75)
    const far = await save(0.5)
    await joinNearest(trove.database.sql, near, configured())
    await joinNearest(trove.database.sql, { content_id: far.content_id }, configured())
    expect(await clusterOf(near)).toBe(cluster)
    expect(await clusterOf(far)).toBeUndefined()
    expect(await countOf()).toBe(5)
  })

  test('joins once, and not by the vector of another model', async () => {
    const near = await save(0.9)
    const other = await save(0.9, 'another')
    for (let i = 0; i < 2; i++) await joinNearest(trove.database.sql, near, configured())
    await joinNearest(trove.database.sql, other, configured())
    expect(await clusterOf(other)).toBeUndefined()
    expect(await countOf()).toBe(5)
  })

  test('joins in every library that it was saved to', async () => {
    const near = await save(0.9)
    const other = await trove.register()
    const [content] = await trove.database.sql<{ url: string }[]>`
      select url from shared_contents where id = ${near.content_id}`
    const { body } = await other.post('/v1/items', { url: content!.url })
    await trove.database.sql`
      insert into clusters (user_id, id, label, centroid, model)
      values (${other.id}, ${cluster}, 'Theirs', ${at(1)}::vector, ${configured()})`
    const first = (await other.post('/v1/items', { url: 'https://youtu.be/joinother01' })).body
    await trove.database.sql`
      insert into cluster_members (user_id, save_id, cluster_id, similarity)
      values (${other.id}, ${first.save.id}, ${cluster}, 0.6)`
    await joinNearest(trove.database.sql, { content_id: near.content_id }, configured())
    expect(await clusterOf(near)).toBe(cluster)
    expect((await other.get(`/v1/items/${body.save.id}`)).body.cluster.label).toBe('Theirs')
  })
})

describe('the archive', () => {
  const archive = (save_id: string, is_archived: boolean) =>
    user.send('PATCH', `/v1/items/${save_id}`, {
      body: JSON.stringify({ is_archived }),
      headers: { 'content-type': 'application/json' },
    })
  const placed = () => trove.database.sql<
    { data: { user_id: string; save_id: string; content_id: string } }[]
  >`
    select data from pgboss.job where name = 'place-save' and data ->> 'user_id' = ${user.id}`

  test('takes a save out of its cluster at once, and its return puts it back', async () => {
    const near = await save(0.9)
    await joinNearest(trove.database.sql, near, configured())
    await archive(near.save_id, true)
    expect([await clusterOf(near), await countOf()]).toEqual([undefined, 4])
    await joinNearest(trove.database.sql, near, configured())
    expect(await clusterOf(near)).toBeUndefined()

    await archive(near.save_id, false)
    const [job] = await placed()
    const [effect] = await placeSave.run([job!.data], trove.context)
    if (typeof effect === 'function') await trove.database.sql.begin(tx => effect(tx))
    expect([await clusterOf(near), await countOf()]).toEqual([cluster, 5])
  })

  test('is not what an edit of something else asks for', async () => {
    const near = await save(0.9)
    await joinNearest(trove.database.sql, near, configured())
    await user.send('PATCH', `/v1/items/${near.save_id}`, {
      body: JSON.stringify({ is_favorited: true }),
      headers: { 'content-type': 'application/json' },
    })
    expect(await countOf()).toBe(5)
    expect(await placed()).toHaveLength(0)
  })
})

test('what was READY already when it was saved is placed by a job of its own', async () => {
  const near = await save(0.9)
  const [content] = await trove.database.sql<{ url: string }[]>`
    select url from shared_contents where id = ${near.content_id}`
  const other = await trove.register()
  const { body } = await other.post('/v1/items', { url: content!.url })
  const jobs = await trove.database
    .sql`select data from pgboss.job where name = 'place-save' and data ->> 'save_id' = ${body.save.id}`
  expect(jobs).toHaveLength(1)
})
