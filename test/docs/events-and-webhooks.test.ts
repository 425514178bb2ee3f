// What docs/events-and-webhooks.md says: its lines run, its code is that of the examples, its JSON has the real keys.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { verifyBody, verifyHeaders } from '../../docs/examples/verify-webhook.ts'
import { secondsToNextTry } from '../../src/notifications/webhooks/deliveries/next-try.ts'
import { type Simulator, startPlatformSimulator } from '../simulators/platforms.ts'
import { type Receiver, startReceiver } from '../simulators/webhook-receiver.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { openEvents } from '../support/events.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(join(ROOT, 'docs/events-and-webhooks.md'), 'utf8')
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, block]) => block!)

let simulator: Simulator
let receiver: Receiver
let trove: Trove
let alice: User
beforeAll(async () => {
  simulator = await startPlatformSimulator()
  receiver = await startReceiver()
  const FETCH_ALLOW_HOSTS = [simulator.env.FETCH_ALLOW_HOSTS, receiver.host].join()
  trove = await startTrove({ ...simulator.env, FETCH_ALLOW_HOSTS })
  alice = await trove.register()
  await trove.work()
})
afterAll(async () => {
  await trove.stop()
  await receiver.close()
  await simulator.close()
})

test('its code is that of the examples, which are run', () => {
  const examples = globSync('docs/examples/*.ts', { cwd: ROOT }).map(path =>
    readFileSync(join(ROOT, path), 'utf8'),
  )
  const found = blocks('ts').map(block => examples.some(example => example.includes(block)))
  expect(found).toEqual([true, true, true])
})

test('its tries are those that are made', () => {
  const [, list] = /tried again after about (.*?), each/s.exec(page)!
  const units: Record<string, number> = { s: 1, min: 60, h: 3600 }
  const shown = [...list!.matchAll(/(\d+) (s|min|h)\b/g)].map(
    ([, count, unit]) => Number(count) * units[unit!]!,
  )
  const planned = shown.map((_, i) => secondsToNextTry(i + 1, 0, 0.5))
  expect(planned).toEqual(shown)
  expect(secondsToNextTry(shown.length + 1)).toBeUndefined()
})

describe('what is told', () => {
  let told: { type: string; data: object }[]
  beforeAll(async () => {
    const events = ['job.progress', 'content.ready']
    const { body } = await alice.post('/v1/webhooks/register', { url: receiver.url, events })
    secret = body.secret
    const stream = await openEvents(trove.handle, { token: alice.token })
    await alice.post('/v1/items', { url: `https://youtu.be/${simulator.videos[0]!.video_id}` })
    told = []
    while (told.at(-1)?.type !== 'content.ready') told.push((await stream.next())!)
    await stream.close()
    await receiver.until(3)
  })
  let secret: string
  const [shownData, shownBody] = blocks('json').map(block => JSON.parse(block))

  test('has the data that is shown', () => {
    const { data } = told.at(-1)!
    expect(Object.keys(shownData).sort()).toEqual(Object.keys(data).sort())
    for (const { type, data } of told.slice(0, -1)) {
      expect(type).toBe('job.progress')
      expect(Object.keys(data).sort()).toEqual([...Object.keys(shownData), 'stage', 'progress'].sort())
    }
  })

  test('comes to a webhook in the body that is shown, and both checks accept it', () => {
    for (const { body, headers } of receiver.received) {
      expect(Object.keys(JSON.parse(body))).toEqual(Object.keys(shownBody))
      expect(verifyHeaders(body, headers, secret)).toEqual(JSON.parse(body))
      expect(verifyBody(body, secret)).toBe(true)
    }
  })

  test('is refused by both checks when a letter of it, or the secret, is another', () => {
    const { body, headers } = receiver.received.at(-1)!
    const forged = body.replace('"event"', '"Event"').replace('READY', 'FAILED')
    const other = `whsec_${btoa('x'.repeat(32))}`
    expect(() => verifyHeaders(forged, headers, secret)).toThrow()
    expect(() => verifyHeaders(body, headers, other)).toThrow()
    const forgedBody = JSON.stringify({ ...JSON.parse(body), data: { status: 'FAILED' } })
    expect(verifyBody(forgedBody, secret)).toBe(false)
    expect(verifyBody(body, other)).toBe(false)
    const { signature: _, ...unsigned } = JSON.parse(body)
    expect(verifyBody(JSON.stringify(unsigned), secret)).toBe(false)
  })
})

test('its lines do what they say', async () => {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    const answer = await trove.handle(
      new Request(`http://localhost${request.url}`, {
        method: request.method!,
        headers: request.headers as Record<string, string>,
        ...(body ? { body } : {}),
      }),
    )
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  // As in the walk-through, but that an answer which is no 2xx ends the script.
  const script = [
    'set -eu',
    `api() { curl -sf -w '\\n' -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' "$@"; }`,
    ...blocks('sh').map(block => block.replace('https://hooks.example.com/trove', receiver.url)),
  ].join('\n')
  const env = { PATH: process.env.PATH, API: `http://127.0.0.1:${port}/v1`, TOKEN: alice.token }
  const shell = spawn('sh', ['-c', script], { env })
  let output = ''
  shell.stdout.on('data', data => {
    output += data
  })
  const [code] = await once(shell, 'close')
  server.closeAllConnections()
  server.close()
  const answers = output
    .split('\n')
    .filter(Boolean)
    .map(line => Object.keys(JSON.parse(line)))
  expect({ code, answers }).toEqual({
    code: 0,
    answers: [
      ['delivery_id'],
      ['deliveries', 'total', 'limit', 'offset', 'has_more', 'next_cursor'],
      ['id', 'secret', 'previous_secret_until'],
      ['delivery_id'],
    ],
  })
})
