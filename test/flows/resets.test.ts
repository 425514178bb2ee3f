// The network resets connections to the database under a whole Trove, those of the queue with it: requests are answered or
// told 503, and whatever was saved becomes READY without a restart. On Bun and on Deno.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type OpenaiSimulator, startOpenaiSimulator } from '../simulators/openai.ts'
import { type Simulator, startPlatformSimulator } from '../simulators/platforms.ts'
import { type Answer, clientOf } from '../support/app.ts'
import { type CuttingProxy, startCuttingProxy } from '../support/cutting-proxy.ts'
import { openTestDatabase, type TestDatabase, usesRealPostgres } from '../support/database.ts'
import { startProcess } from '../support/process.ts'

const SAVES = 20
/** Every so many chunks that go to or from the database, the connection that carries one is reset. */
const CHUNKS_A_CUT = 151
const CUTS = 50
/**
 * A job whose end was lost is found by its silence, 20 seconds and a look of the monitor later (src/ground/queue/queue.ts), and then
 * tried again after a pause.
 */
const WORKED_WITHIN_MS = 60_000

describe.if(usesRealPostgres)('under resets', () => {
  let database: TestDatabase
  let proxy: CuttingProxy
  let platform: Simulator
  let models: OpenaiSimulator
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'trove-resets-'))
    database = await openTestDatabase()
    proxy = await startCuttingProxy(database.settings.DATABASE_URL!)
    platform = await startPlatformSimulator()
    models = await startOpenaiSimulator()
  })
  afterAll(async () => {
    await Promise.all([platform.close(), models.close(), proxy.close()])
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test.each(['bun', 'deno'] as const)(
    '(%s) requests are answered or told 503, and what was saved becomes READY',
    async runtime => {
      const server = startProcess(
        {
          ...{ ...platform.env, ...models.env, DATABASE_URL: proxy.url, DATA_DIR: folder },
          ...{ RATE_LIMIT_ENABLED: 'false', LOG_LEVEL: 'warn', DATABASE_POOL_SIZE: '2' },
        },
        runtime,
      )
      const base = await server.address()
      const login = { email: `${crypto.randomUUID()}@example.com`, password: 'correct horse' }
      const { body } = await clientOf(request => fetch(request), {}, base).post('/v1/auth/register', login)
      const user = clientOf(request => fetch(request), { authorization: `Bearer ${body.access_token}` }, base)

      let chunks = 0
      let cuts = 0
      proxy.judge = () => (++chunks % CHUNKS_A_CUT === 0 && ++cuts ? 'reset' : undefined)
      const statuses: Record<number, number> = {}
      const counted = ({ status }: Answer) => {
        statuses[status] = (statuses[status] ?? 0) + 1
        return status
      }
      const saveAll = async () => {
        for (const { video_id } of platform.videos.slice(0, SAVES)) {
          const send = { url: `https://youtu.be/${video_id}` }
          while (counted(await user.post('/v1/items', send, { 'idempotency-key': video_id })) !== 201);
        }
      }
      const read = async () => {
        while (cuts < CUTS) counted(await user.get('/v1/items?limit=1'))
      }
      await Promise.all([saveAll(), read(), read(), read()])
      proxy.judge = () => undefined
      const calm = performance.now()

      const after = await Promise.all(Array.from({ length: SAVES }, () => user.get('/v1/items?limit=1')))
      // 409: the server has not noticed yet that the first request with this key is gone.
      expect(Object.keys(statuses).filter(status => !['200', '201', '409', '503'].includes(status))).toEqual(
        [],
      )
      expect(statuses[503]).toBeGreaterThan(0)
      expect(new Set(after.map(({ status }) => status))).toEqual(new Set([200]))
      const ready = async () => (await user.get('/v1/items?status=READY&limit=1')).body.total as number
      while ((await ready()) < SAVES) {
        expect(performance.now() - calm).toBeLessThan(WORKED_WITHIN_MS)
        await delay(100)
      }
      console.log(
        `resets (${runtime}): ${cuts} cuts, ${JSON.stringify(statuses)}, all READY ${Math.round(performance.now() - calm)} ms after the last`,
      )
      server.child.kill('SIGTERM')
      expect(await server.exit).toBe(0)
    },
    180_000,
  )
})
