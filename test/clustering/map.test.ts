// The map through the HTTP API, on vectors of three plain groups.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { toVector } from '../../src/discovery/vectors/convert-vector.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { settle } from '../support/settle.ts'

interface Point {
  save_id: string
  x: number
  y: number
  cluster_id: string | null
  title: string | null
}
interface Drawn {
  points: Point[]
  clusters: { id: string; label: string; x: number; y: number }[]
}

let trove: Trove
let alice: User
beforeAll(async () => {
  trove = await startTrove({ CLUSTER_MIN_ITEMS: '5' })
  // Items are made READY by hand: only clusterings are left to do.
  await trove.work()
})
afterAll(() => trove.stop())
beforeEach(async () => {
  alice = await trove.register()
})

const MODEL = () => trove.context.models.embeddingModel

/** Near axis `group` of the space; `own` tells those of a group apart. */
function vectorOf(group: number, own: number): Float32Array {
  const vector = new Float32Array(512)
  vector[group] = 1
  vector[20 + (own % 37)] = 0.3
  return vector
}

/** A READY item with a vector. @returns the id of its save */
async function add(group: number, own: number, title = `Title ${group}.${own}`): Promise<string> {
  const { sql } = trove.database
  const [content, save] = [crypto.randomUUID(), crypto.randomUUID()]
  await sql`
    insert into shared_contents (id, url, url_hash, source_platform, external_id, status, attempt, title, topic_main)
    values (${content}, ${`https://youtube.com/watch?v=${content}`}, ${content}, 'youtube', ${content}, 'READY',
      ${content}, ${title}, ${['pasta', 'chess', 'hiking', 'guitar'][group]!})`
  await sql`
    insert into content_embeddings (content_id, model, embedding)
    values (${content}, ${MODEL()}, ${toVector(vectorOf(group, own))}::vector)`
  await sql`
    insert into user_content_saves (user_id, id, shared_content_id)
    values (${alice.id}, ${save}, ${content})`
  await settle(sql)
  await sql`update libraries set version = version + 1 where user_id = ${alice.id}`
  return save
}

async function addGroups(sizes: number[]): Promise<string[][]> {
  const saves: string[][] = []
  for (const [group, size] of sizes.entries()) {
    saves.push([])
    for (let own = 0; own < size; own++) saves[group]!.push(await add(group, own))
  }
  return saves
}

async function rebuild(): Promise<void> {
  const { body } = await alice.post('/v1/clusters/rebuild')
  for (;;) {
    const job = await alice.get(`/v1/jobs/${body.job_id}`)
    if (job.body.stage === 'done') return
    if (job.body.stage === 'failed') throw new Error(job.body.error_message)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

const draw = async (): Promise<Drawn> => {
  const { status, body } = await alice.get('/v1/clusters/map')
  expect(status).toBe(200)
  return body
}

const pointOf = ({ points }: Drawn, save: string) => points.find(({ save_id }) => save_id === save)!
const apart = (a: { x: number; y: number }, b: { x: number; y: number }) => Math.hypot(a.x - b.x, a.y - b.y)

describe('the map', () => {
  test('is empty before the first clustering', async () => {
    await add(0, 0)
    expect(await draw()).toEqual({ points: [], clusters: [] })
  })

  test('shows every READY item once, with its title and cluster, within -1 and 1', async () => {
    const saves = (await addGroups([8, 8, 8])).flat()
    await rebuild()
    const map = await draw()
    expect(map.points.map(({ save_id }) => save_id).sort()).toEqual(saves.sort())
    for (const { x, y } of [...map.points, ...map.clusters]) {
      expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThanOrEqual(1)
    }
    expect(pointOf(map, saves[0]!).title).toStartWith('Title ')
    const { body } = await alice.get('/v1/clusters')
    expect(body.total).toBe(3)
    const pairs = (clusters: { id: string; label: string }[]) => clusters.map(it => `${it.id} ${it.label}`)
    expect(pairs(map.clusters).sort()).toEqual(pairs(body.clusters).sort())
  })

  test('keeps groups apart, and each cluster in the middle of its points', async () => {
    await addGroups([8, 8, 8])
    await rebuild()
    const { points, clusters } = await draw()
    for (const cluster of clusters) {
      const own = points.filter(({ cluster_id }) => cluster_id === cluster.id)
      expect(own).toHaveLength(8)
      expect(cluster.x).toBeCloseTo(own.reduce((sum, { x }) => sum + x, 0) / 8, 5)
      expect(cluster.y).toBeCloseTo(own.reduce((sum, { y }) => sum + y, 0) / 8, 5)
      const widest = Math.max(...own.map(point => apart(point, cluster)))
      for (const other of clusters) {
        if (other !== cluster) expect(apart(cluster, other)).toBeGreaterThan(2 * widest)
      }
    }
  })

  test('stays as it is when asked again, and when nothing has changed between two runs', async () => {
    await addGroups([7, 8, 9])
    await rebuild()
    const before = await draw()
    expect(await draw()).toEqual(before)
    await rebuild()
    expect(await draw()).toEqual(before)
  })

  test('moves no point for an item that came after the run, and puts that one among its like', async () => {
    const saves = await addGroups([8, 8, 8])
    await rebuild()
    const before = await draw()
    const late = await add(1, 5)
    const after = await draw()
    expect(after.points.filter(({ save_id }) => save_id !== late)).toEqual(before.points)
    const point = pointOf(after, late)
    expect(point.cluster_id).toBeNull()
    const distances = saves.map(group => apart(point, pointOf(after, group[5]!)))
    expect(distances.indexOf(Math.min(...distances))).toBe(1)
  })

  test('looks alike after a run that found a new group', async () => {
    const saves = (await addGroups([8, 8, 8])).flat()
    await rebuild()
    const before = await draw()
    for (let own = 0; own < 6; own++) await add(3, own)
    await rebuild()
    const after = await draw()
    expect(after.points).toHaveLength(saves.length + 6)
    // As vectors about their middle: the angle between then and now is small, for all of them together.
    const turn = saves.map(save => [pointOf(before, save), pointOf(after, save)] as const)
    const along = turn.reduce((sum, [a, b]) => sum + a.x * b.x + a.y * b.y, 0)
    const across = turn.reduce((sum, [a, b]) => sum + a.x * b.y - a.y * b.x, 0)
    expect(along).toBeGreaterThan(0)
    expect(Math.abs(Math.atan2(across, along))).toBeLessThan(0.2)
  })

  test('leaves out what is archived, what is not READY, and what has no vector of its model', async () => {
    const [group] = await addGroups([8])
    await rebuild()
    const { sql } = trove.database
    const [archived, pending, other] = group!
    await alice.send('PATCH', `/v1/items/${archived}`, {
      body: '{"is_archived": true}',
      headers: { 'content-type': 'application/json' },
    })
    const of = (save: string) => sql`
      (select shared_content_id from user_content_saves where user_id = ${alice.id} and id = ${save})`
    await sql`update shared_contents set status = 'PENDING' where id = ${of(pending!)}`
    await settle(sql)
    await sql`update content_embeddings set model = 'another' where content_id = ${of(other!)}`
    const shown = (await draw()).points.map(({ save_id }) => save_id)
    expect(shown.sort()).toEqual(group!.slice(3).sort())
  })

  test('holds one point, or several at one place', async () => {
    await add(0, 0)
    await rebuild()
    expect((await draw()).points).toMatchObject([{ x: 0, y: 0, cluster_id: null }])
    await add(0, 0)
    await rebuild()
    expect((await draw()).points.map(({ x, y }) => [x, y])).toEqual([
      [0, 0],
      [0, 0],
    ])
  })

  test('is another user’s only to them', async () => {
    await addGroups([6])
    await rebuild()
    const bob = await trove.register()
    expect((await bob.get('/v1/clusters/map')).body).toEqual({ points: [], clusters: [] })
    expect((await trove.get('/v1/clusters/map')).status).toBe(401)
  })

  test('answers 304 until the library changes', async () => {
    await addGroups([6])
    await rebuild()
    const { headers } = await alice.get('/v1/clusters/map')
    const again = { 'if-none-match': headers.get('etag')! }
    expect((await alice.get('/v1/clusters/map', again)).status).toBe(304)
    await add(0, 9)
    expect((await alice.get('/v1/clusters/map', again)).status).toBe(200)
  })
})
