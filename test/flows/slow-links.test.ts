// One user's links to sites that never answer: what everybody else saves is READY while all of them still hang. Told by the
// order of events, not by a clock.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { type OpenaiSimulator, startOpenaiSimulator } from '../simulators/openai.ts'
import { type Simulator, startPlatformSimulator } from '../simulators/platforms.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'

const LINKS = 100

/** Answers pages, and never what is asked for below /hang. */
let site: Server
let base: string
const hanging = new Set<ServerResponse>()
let ended = 0

let platform: Simulator
let models: OpenaiSimulator
let trove: Trove
let mallory: User
let bob: User

beforeAll(async () => {
  site = createServer((request, response) => {
    if (request.url!.startsWith('/hang')) {
      hanging.add(response)
      response.on('close', () => {
        hanging.delete(response)
        ended++
      })
      return
    }
    const picture = `<meta property="og:image" content="${base}/hang/picture${request.url}">`
    const image = request.url!.startsWith('/pictured') ? picture : ''
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end(`<title>A quick page ${request.url}</title>${image}<p>Some words about it.</p>`)
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => site.once('listening', resolve))
  base = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
  platform = await startPlatformSimulator({ youtube_api_key: null })
  models = await startOpenaiSimulator()
  trove = await startTrove({
    ...platform.env,
    ...models.env,
    PLATFORMS: 'youtube,instagram,web',
    FETCH_ALLOW_HOSTS: new URL(base).host,
    RATE_LIMIT_ENABLED: 'false',
  })
  mallory = await trove.register()
  bob = await trove.register()
  await trove.work()
})
afterAll(async () => {
  site.closeAllConnections()
  await trove.stop()
  site.close()
  await platform.close()
  await models.close()
})

const saveAll = (user: User, urls: string[]) =>
  user.post('/v1/items/batch', { items: urls.map(url => ({ url })) })
const urlsOf = (path: string) => Array.from({ length: LINKS }, (_, i) => `${base}/${path}/${i}`)
async function untilHanging() {
  while (hanging.size === 0) await delay(10)
}
async function untilReady(user: User, id: string) {
  for (;;) {
    const { body } = await user.get(`/v1/items/${id}`)
    if (body.content.status === 'READY') return
    await delay(10)
  }
}
const save = async (user: User, url: string) => (await user.post('/v1/items', { url })).body.save.id as string

describe('while a hundred links of another user hang', () => {
  test('a page and a video are READY before any of them has ended', async () => {
    ended = 0
    await saveAll(mallory, urlsOf('hang'))
    await untilHanging()
    const mine = [
      await save(bob, `${base}/quick/1`),
      await save(bob, `https://youtu.be/${platform.videos[0]!.video_id}`),
    ]
    for (const id of mine) await untilReady(bob, id)
    expect(ended).toBe(0)
    // A user has a share of what is fetched at once, and no more.
    expect(hanging.size).toBeGreaterThan(0)
    expect(hanging.size).toBeLessThanOrEqual(10)
  }, 60_000)

  test('the owner of them gets a quick page, too, once some are to be tried again', async () => {
    for (const response of hanging) response.destroy()
    while (ended < 20) {
      for (const response of hanging) response.destroy()
      await delay(10)
    }
    const id = await save(mallory, `${base}/quick/2`)
    const cut = setInterval(() => {
      for (const response of hanging) response.destroy()
    }, 20)
    await untilReady(mallory, id).finally(() => clearInterval(cut))
  }, 60_000)
})

test('while pictures of another user’s pages hang, what others save is understood', async () => {
  for (const response of hanging) response.destroy()
  await saveAll(mallory, urlsOf('pictured').slice(0, 40))
  const hangs = async () => [...hanging].length > 0
  while (!(await hangs())) await delay(10)
  ended = 0
  await untilReady(bob, await save(bob, `${base}/quick/3`))
  expect(ended).toBe(0)
}, 60_000)
