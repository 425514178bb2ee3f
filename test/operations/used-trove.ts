// A Trove that somebody has used: filled through its API, with every kind of row, one job still waiting, and stopped.

import { type Simulator, startPlatformSimulator } from '../simulators/platforms.ts'
import { type Receiver, startReceiver } from '../simulators/webhook-receiver.ts'
import { type Client, clientOf } from '../support/app.ts'
import { type Started, startProcess } from '../support/process.ts'
import { withDatabase } from './run-script.ts'

const SAVES = 8
/** For a hook or test that starts servers, on a machine that does much else. */
export const LONG_MS = 180_000
/** What a dump or a copy may get wrong. */
export const ODD_TEXT = 'Käse 🧀 \\N \\. \t tab \r\n "quotes" \'single\' ,comma; العربية \\\\ end'

export interface Outside {
  simulator: Simulator
  receiver: Receiver
  env: Record<string, string>
  close(): Promise<void>
}

export async function startOutside(): Promise<Outside> {
  const [simulator, receiver] = [await startPlatformSimulator(), await startReceiver()]
  const allowed = [simulator.env.FETCH_ALLOW_HOSTS, receiver.host].filter(Boolean).join(',')
  return {
    simulator,
    receiver,
    env: { ...simulator.env, FETCH_ALLOW_HOSTS: allowed, RATE_LIMIT_ENABLED: 'false', DRAIN_SECONDS: '5' },
    close: async () => {
      await simulator.close()
      await receiver.close()
    },
  }
}

export interface Server {
  process: Started
  /** A client with this token, or with none. */
  as(token?: string): Client
  stop(): Promise<void>
}

export async function startServer(env: Record<string, string>): Promise<Server> {
  const process = startProcess(env)
  const base = await process.address()
  return {
    process,
    as: token => clientOf(request => fetch(request), token ? { authorization: `Bearer ${token}` } : {}, base),
    stop: async () => {
      process.child.kill('SIGTERM')
      await process.exit
    },
  }
}

/** Fills the database of `settings`. @returns Alice's token, and that of Bob, whose one save is still waiting. */
export async function useTrove(outside: Outside, settings: Record<string, string>) {
  const server = await startServer({ ...outside.env, ...settings })
  const alice = await register(server, 'alice@example.com')
  const bob = await register(server, 'bob@example.com')
  await server.as().post('/v1/auth/login', { email: 'alice@example.com', password: 'not this one' })
  const user = server.as(alice)
  await user.post('/v1/webhooks/register', { url: outside.receiver.url, events: ['content.ready'] })
  const urls = outside.simulator.videos.map(({ video_id }) => `https://www.youtube.com/watch?v=${video_id}`)
  for (const [i, url] of urls.slice(0, SAVES).entries()) {
    const body = i % 2 ? { url } : { url, raw_share_text: `${ODD_TEXT} ${i}` }
    const saved = await user.post('/v1/items', body, { 'idempotency-key': `save-${i}` })
    if (saved.status !== 201) throw new Error(`It was not saved: ${JSON.stringify(saved.body)}`)
    if (i === 0) await user.send('PATCH', `/v1/items/${saved.body.save.id}`, patch({ is_favorited: true }))
    if (i === 1) await user.send('PATCH', `/v1/items/${saved.body.save.id}`, patch({ is_archived: true }))
  }
  await until(async () => (await user.get('/v1/items?is_archived=all&limit=1')).body.total === SAVES)
  await outside.receiver.until(SAVES)
  const rebuild = await user.post('/v1/clusters/rebuild')
  await until(async () => (await user.get(`/v1/jobs/${rebuild.body.job_id}`)).body.progress === 100)
  const [cluster] = (await user.get('/v1/clusters')).body.clusters
  await user.send('PATCH', `/v1/clusters/${cluster.id}`, patch({ label: 'Mine, "quoted" 🍰' }))
  await server.stop()

  const api = await startServer({ ...outside.env, ...settings, ROLE: 'api' })
  const waiting = await api.as(bob).post('/v1/items', { url: urls[SAVES] })
  await api.stop()
  await withDatabase(settings, async sql => {
    const long = `${ODD_TEXT}\n`.repeat(20_000)
    await sql`
      update shared_contents
      set transcript = ${long}, author = null
      where id = (select shared_content_id from user_content_saves where is_favorited)`
    await sql`insert into model_usage (day, model, cost_usd) values ('2026-01-31', 'a', 0.000001)`
  })
  return { alice, bob, waiting: waiting.body.save.id as string }
}

/** What a user sees in every way there is to look. */
export async function lookAround(server: Server, token: string): Promise<unknown[]> {
  const user = server.as(token)
  const list = await user.get('/v1/items?is_archived=all&sort_by=title&limit=100')
  const { id } = list.body.items[0].save
  const rest = [
    `/v1/items/${id}?include_similar=true`,
    '/v1/items/grouped',
    '/v1/search?q=phone%20review&mode=hybrid',
    '/v1/items?search=K%C3%A4se',
    '/v1/clusters',
    '/v1/clusters/map',
    '/v1/webhooks',
  ]
  const bodies = [list.body]
  for (const path of rest) bodies.push((await user.get(path)).body)
  return JSON.parse(JSON.stringify(bodies, comparable))
}

/** Looking at an item notes when; and pgvector adds up in another order in WebAssembly, which shows in the last digits. */
function comparable(key: string, value: unknown): unknown {
  if (key === 'last_viewed_at') return null
  return typeof value === 'number' ? Math.round(value * 1e5) / 1e5 : value
}

async function register(server: Server, email: string): Promise<string> {
  const { body } = await server.as().post('/v1/auth/register', { email, password: 'correct horse battery' })
  return body.access_token
}

const patch = (body: unknown) => ({
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
})

export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise(resolve => setTimeout(resolve, 50))
}
