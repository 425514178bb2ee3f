// Workers that vanish in the middle of their jobs, or are gone for a while and come back. Separate processes on one
// database, so these need a real server. KILLS=20 kills so many, with a hundred saves for each.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { seededRandom } from '../../src/clustering/engine/kmeans/seeded-random.ts'
import { loadVideos } from '../simulators/content.ts'
import { type OpenaiSimulator, startOpenaiSimulator } from '../simulators/openai.ts'
import { type Simulator, startPlatformSimulator } from '../simulators/platforms.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { usesRealPostgres } from '../support/database.ts'
import { type Started, startProcess } from '../support/process.ts'
import { countEffects, onceEach } from './effects.ts'

const KILLS = Number(process.env.KILLS ?? 8)
const BATCH = 100
const SAVES = BATCH * KILLS
/** How long one that is ready may work before it is killed. */
const MOST_ALIVE_MS = 1000
const FREEZES = 2
/** Saves that a worker has in hand when it is frozen. */
const FROZEN = 15
/** 20 s of silence, up to 5 s until somebody looks, up to 8 s until the next try, then the work; four times that on a busy machine. */
const RECOVERY_MS = 120_000
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000)

const seen = loadVideos()
const videos = Array.from({ length: SAVES }, (_, i) => {
  const video = seen[i % seen.length]!
  return { ...video, video_id: `k${String(i).padStart(10, '0')}`, title: `${video.title} ${i}` }
})

let platform: Simulator
let models: OpenaiSimulator
let folder: string
let trove: Trove
let workers: Started[]

/** Clustering would only add to the load. */
const settings = () => ({ ...platform.env, ...models.env, CLUSTER_MIN_ITEMS: '1000' })

function startWorker(own: Record<string, string> = {}): Started {
  const database = { ...trove.database.settings, DATA_DIR: folder }
  const worker = startProcess({ ...settings(), ...database, ROLE: 'worker', LOG_LEVEL: 'info', ...own })
  workers.push(worker)
  return worker
}

const end = (worker: Started, signal: NodeJS.Signals) => {
  worker.child.kill(signal)
  return worker.exit
}

async function saveBatch(user: User, from: number, count = BATCH): Promise<void> {
  const items = videos
    .slice(from, from + count)
    .map(({ video_id }) => ({ url: `https://youtu.be/${video_id}` }))
  const { body } = await user.post('/v1/items/batch', { items })
  expect(body.results.map(({ status }: { status: string }) => status)).toEqual(Array(count).fill('saved'))
}

const countReady = async () => {
  const rows = await trove.database.sql`select from shared_contents where status = 'READY'`
  return rows.length
}
const untilReady = async (count: number) => {
  while ((await countReady()) < count) await delay(100)
}
const countActive = async (queue: string) => {
  const rows = await trove.database.sql`
    select from pgboss.job where state = 'active' and name like ${queue}`
  return rows.length
}

describe.if(usesRealPostgres)('workers', () => {
  beforeAll(async () => {
    platform = await startPlatformSimulator({ videos })
    models = await startOpenaiSimulator()
    folder = mkdtempSync(join(tmpdir(), 'trove-killed-'))
  })
  beforeEach(async () => {
    workers = []
    // An API neither works nor watches the jobs of those who do.
    trove = await startTrove({ ...settings(), ROLE: 'api' })
  })
  afterEach(async () => {
    await Promise.all(workers.map(worker => end(worker, 'SIGKILL')))
    await trove.stop()
  })
  afterAll(async () => {
    await platform.close()
    await models.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('that are killed again and again lose nothing and do nothing twice', async () => {
    console.log(`killed-workers: SEED=${SEED}`)
    const random = seededRandom(SEED)
    const users = await Promise.all(Array.from({ length: 4 }, () => trove.register()))
    const saving = (async () => {
      for (let i = 0; i < SAVES / BATCH; i++) await saveBatch(users[i % users.length]!, i * BATCH)
    })()

    const alive = [startWorker(), startWorker()]
    for (let kills = 0; kills < KILLS; kills++) {
      const victim = Math.floor(random() * alive.length)
      // However long its start takes on a busy machine, it works.
      await alive[victim]!.until(/is ready/)
      await delay(random() * MOST_ALIVE_MS)
      await end(alive[victim]!, 'SIGKILL')
      alive[victim] = startWorker()
    }
    await saving
    const [ready, held, calm] = [await countReady(), await countActive('%'), performance.now()]
    await untilReady(SAVES)
    const recovery = performance.now() - calm
    const { retried_jobs, ...effects } = await countEffects(trove.database.sql)
    const told = { kills: KILLS, ready, held, retried_jobs, recovery_ms: Math.round(recovery) }
    console.log(`killed-workers: when it was calm, then: ${JSON.stringify(told)}`)
    expect(effects).toEqual(onceEach(SAVES))
    // Somebody was killed with jobs in hand, and others took them up.
    expect(retried_jobs).toBeGreaterThan(0)
    expect(recovery).toBeLessThan(RECOVERY_MS)
  }, 300_000)

  test('that were away while others did their jobs write nothing when they come back', async () => {
    const user = await trove.register()
    const { sql } = trove.database
    const slow = await startOpenaiSimulator({ latency_ms: 300 })
    let worker = startWorker(slow.env)
    let lost = 0
    for (let i = 0; i < FREEZES; i++) {
      const before = slow.calls.length
      await saveBatch(user, i * FROZEN, FROZEN)
      // Until it waits for an answer, with no transaction open: whoever is frozen in one keeps its locks for a while.
      while (slow.calls.length === before || (await countActive('fetch-content')) > 0) await delay(5)
      const frozen = worker
      frozen.child.kill('SIGSTOP')
      // As if it had been silent for longer than its jobs may be.
      const held = await sql`
        update pgboss.job set heartbeat_on = now() - interval '1 minute' where state = 'active' returning id`
      expect(held.length).toBeGreaterThan(0)
      worker = startWorker(slow.env)
      await untilReady((i + 1) * FROZEN)
      // It finishes what it has in hand before it ends.
      frozen.child.kill('SIGCONT')
      expect(await end(frozen, 'SIGTERM')).toBe(0)
      lost += frozen.printed().split('another worker has it by now').length - 1
    }
    await slow.close()
    const { retried_jobs, ...effects } = await countEffects(sql)
    expect(effects).toEqual(onceEach(FREEZES * FROZEN))
    expect(retried_jobs).toBeGreaterThan(0)
    expect(lost).toBeGreaterThan(0)
    console.log(
      `killed-workers: ${lost} jobs dropped by workers that came back, ${retried_jobs} done by others`,
    )
  }, 120_000)
})
