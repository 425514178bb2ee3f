// What stays the same from one run of clustering to the next, on the database.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { v7 as uuidv7 } from 'uuid'
import { toVector } from '../../src/discovery/vectors/convert-vector.ts'
import { type OpenaiSimulator, startOpenaiSimulator } from '../simulators/openai.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { settle } from '../support/settle.ts'
import { generateRows } from './generated-rows.ts'

const TOPICS = ['guitar', 'sourdough', 'volcano', 'chess']
const ROWS = 80
const NOTE = 'do not tell my sister'
const set = generateRows({ rows: ROWS + 4, groups: 4, spread: 1, seed: 7, dimensions: 512 })

let provider: OpenaiSimulator
let trove: Trove
let alice: User
beforeAll(async () => {
  provider = await startOpenaiSimulator()
  trove = await startTrove(provider.env)
  await trove.work()
})
afterAll(async () => {
  await trove.stop()
  await provider.close()
})
beforeEach(async () => {
  provider.recover()
  alice = await trove.register()
  await save(0, ROWS)
})

/** Saves that are READY, each about the true topic of its row. */
async function save(from: number, to: number) {
  const { sql } = trove.database
  for (let row = from; row < to; row++) {
    const id = uuidv7()
    const vector = toVector(set.points.slice(row * 512, (row + 1) * 512))
    await sql`
      insert into shared_contents (id, url, url_hash, source_platform, external_id, status, attempt, title)
      values (${id}, ${id}, ${id}, 'youtube', ${id}, 'READY', ${id}, ${`About ${TOPICS[set.truth[row]!]}`})`
    await sql`
      insert into content_embeddings (content_id, model, embedding)
      values (${id}, ${trove.context.models.embeddingModel}, ${vector}::vector)`
    await sql`
      insert into user_content_saves (user_id, id, shared_content_id, raw_share_text)
      values (${alice.id}, ${id}, ${id}, ${NOTE})`
  }
  await settle(sql)
}

async function rebuild() {
  const { body } = await alice.post('/v1/clusters/rebuild')
  while ((await alice.get(`/v1/jobs/${body.job_id}`)).body.stage !== 'done') await Bun.sleep(20)
}

async function rows() {
  const { sql } = trove.database
  const clusters = await sql`
    select id, label, label_is_custom, short_description, keywords, item_count, centroid::text, created_at, updated_at
    from clusters where user_id = ${alice.id} order by id`
  const members = await sql`
    select save_id, cluster_id, similarity, xmax::text as locked_by
    from cluster_members where user_id = ${alice.id} order by save_id`
  const told = await sql`select seq from events where user_id = ${alice.id} and type = 'clusters.updated'`
  return { clusters: [...clusters], members: [...members], events: told.length }
}

const etag = async () => (await alice.get('/v1/clusters')).headers.get('etag')
const changesLeft = async () => {
  const [library] = await trove.database.sql`
    select changes_since_clustering from libraries where user_id = ${alice.id}`
  return library!.changes_since_clustering
}
const labels = async () => (await rows()).clusters.map(({ label }) => label).sort()

describe('a second run on an unchanged library', () => {
  test('changes no row, locks no member, tells nobody, moves no ETag and asks no model', async () => {
    await rebuild()
    const before = await rows()
    const tag = await etag()
    expect(before.clusters).toHaveLength(4)
    expect(before.events).toBe(1)
    provider.calls.length = 0
    await trove.database.sql`update libraries set changes_since_clustering = 3 where user_id = ${alice.id}`
    await rebuild()
    expect(await rows()).toEqual(before)
    expect(await etag()).toBe(tag!)
    expect(provider.calls).toEqual([])
    expect(await changesLeft()).toBe(0)
  })

  test('but with a save gone tells it, and moves the ETag', async () => {
    await rebuild()
    const tag = await etag()
    const { members } = await rows()
    await trove.database.sql`
      delete from user_content_saves where user_id = ${alice.id} and id = ${members[0]!.save_id}`
    await settle(trove.database.sql)
    await rebuild()
    expect((await rows()).events).toBe(2)
    expect(await etag()).not.toBe(tag!)
  })
})

describe('the next run of a library that has grown', () => {
  test('keeps ids, labels, created_at and a label of the user’s own, and asks no model', async () => {
    await rebuild()
    const before = await rows()
    const mine = before.clusters[0]!.id
    await trove.database.sql`
      update clusters set label = 'Treasure', label_is_custom = true where user_id = ${alice.id} and id = ${mine}`
    const known = (await rows()).clusters
    provider.calls.length = 0
    await save(ROWS, ROWS + 4)
    await rebuild()
    const after = await rows()
    const identity = ({
      id,
      label,
      label_is_custom,
      created_at,
      short_description,
    }: (typeof known)[number]) => ({
      ...{ id, label, label_is_custom, created_at, short_description },
    })
    expect(after.clusters.map(it => identity(it as never))).toEqual(known.map(it => identity(it as never)))
    expect(after.members.length).toBeGreaterThan(before.members.length)
    const now = new Map(after.members.map(({ save_id, cluster_id }) => [save_id, cluster_id]))
    const same = before.members.filter(({ save_id, cluster_id }) => now.get(save_id) === cluster_id)
    expect(same.length).toBeGreaterThanOrEqual(0.97 * before.members.length)
    expect(provider.calls).toEqual([])
  })
})

describe('labels by the model', () => {
  test('come from public titles and keywords, never from a note', async () => {
    await rebuild()
    expect(await labels()).toEqual(TOPICS.map(topic => `All ${topic}`).sort())
    const [{ short_description }] = (await rows()).clusters as [Record<string, string>]
    expect(short_description).toStartWith('What was said of')
    expect(provider.calls.map(({ route, count }) => [route, count])).toEqual([['chat', 4]])
    expect(JSON.stringify(provider.calls)).not.toContain('sister')
  })

  test('are used once, whatever their case, and never when they say nothing', async () => {
    const given = ['Hobbies', 'HOBBIES', 'The Other', 'chess']
    provider.names = groups =>
      groups.map((_, index) => ({ index, label: given[index], description: 'What people do.' }))
    await rebuild()
    const all = await labels()
    expect(all).toContain('Hobbies')
    expect(new Set(all.map(label => label.toLowerCase())).size).toBe(4)
    expect(all).not.toContain('The Other')
  })

  test('are those of the terms while the provider fails, and the run ends well', async () => {
    provider.fail('chat', 'error_500')
    await rebuild()
    expect(await labels()).toEqual(['Chess', 'Guitar', 'Sourdough', 'Volcano'])
    expect((await rows()).clusters[0]!.short_description).toMatch(/^\d+ saves about /)
  })
})
