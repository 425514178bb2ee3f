// The admin's pages: who may see them, how often one may guess, and who may change something.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createApp } from '../../src/app.ts'
import { notePeer } from '../../src/ground/http/edge/client-address.ts'
import { clientOf, startTrove, type Trove } from '../support/app.ts'

/** The published limits, but a day long: no test runs into the next window. */
const LIMITS = 'login=5/1d,login_address=30/1d'
const RIGHT = `Basic ${btoa('admin:admin-for-tests')}`
const WRONG = `Basic ${btoa('admin:guess')}`
const OWN_PAGES = ['/admin/queues', '/admin/dead-letters', '/admin/jobs/some-id']

let trove: Trove
beforeAll(async () => {
  trove = await startTrove({ RATE_LIMIT_ENABLED: 'true', RATE_LIMITS: LIMITS })
})
afterAll(async () => {
  await Promise.all(opened.map(close => close()))
  await trove.stop()
})

const opened: (() => Promise<void>)[] = []
/** A process that knows of nobody yet, asked from one address. */
function processFor(address: string, context = { ...trove.context }) {
  const { app, close } = createApp(context)
  opened.push(close)
  return clientOf(request => {
    notePeer(request, address)
    return app.handle(request)
  })
}
const forget = () => trove.database.sql`delete from rate_limits`

describe('the admin pages', () => {
  test('ask for the password, in the way a browser understands', async () => {
    await forget()
    const client = processFor('203.0.113.1')
    for (const path of OWN_PAGES) {
      for (const authorization of ['', 'Basic', 'Bearer x']) {
        const { status, headers, body } = await client.get(path, { authorization })
        expect([path, status, body.error_code]).toEqual([path, 401, 'UNAUTHORIZED'])
        expect(headers.get('www-authenticate')).toStartWith('Basic realm=')
        expect(headers.get('content-type')).toBe('application/problem+json')
      }
    }
    const redrive = await client.post('/admin/dead-letters/redrive', { ids: 1 }, { authorization: WRONG })
    expect(redrive.status).toBe(401)
  })

  test('let five wrong passwords of one network be tried, however many come at once', async () => {
    await forget()
    const guesser = processFor('198.51.100.1')
    const statuses: Record<number, number> = {}
    await Promise.all(
      Array.from({ length: 200 }, async () => {
        const { status } = await guesser.get('/admin/queues', { authorization: WRONG })
        statuses[status] = (statuses[status] ?? 0) + 1
      }),
    )
    expect(statuses).toEqual({ 401: 5, 429: 195 })
    const late = await processFor('198.51.100.1').get('/admin/dead-letters', { authorization: RIGHT })
    expect(late.status).toBe(429)
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0)
    const rows = await trove.database.sql`
      select details from audit_entries where action = 'login_failed' and details ->> 'as' = 'admin'`
    expect(rows.length).toBeGreaterThanOrEqual(5)
  })

  test('are open to the right password from everywhere else, however many guess', async () => {
    await forget()
    const context = { ...trove.context }
    const admin = processFor('203.0.113.3', context)
    const ask = async (client = admin) =>
      (await client.get('/admin/dead-letters', { authorization: RIGHT })).status
    expect(await ask()).toBe(200)
    const guessers = Array.from({ length: 4 }, (_, i) => processFor(`198.51.100.${10 + i}`, context))
    for (let i = 0; i < 24; i++) await guessers[i % 4]!.get('/admin/queues', { authorization: WRONG })
    for (const guesser of guessers) expect(await ask(guesser)).toBe(429)
    expect(await ask()).toBe(200)
    // A process that has just begun, and a network that it has never seen.
    expect(await ask(processFor('203.0.113.3'))).toBe(200)
    expect(await ask(processFor('203.0.113.4'))).toBe(200)
  })

  test('close to the network from which too many wrong passwords came, the admin’s own too', async () => {
    await forget()
    const admin = processFor('203.0.113.9')
    const get = async (authorization: string) =>
      (await admin.get('/admin/dead-letters', { authorization })).status
    expect(await get(RIGHT)).toBe(200)
    const statuses = []
    for (let i = 0; i < 6; i++) statuses.push(await get(WRONG))
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429])
    expect(await get(RIGHT)).toBe(429)
  })

  test('do not count the right password: many files, and many processes', async () => {
    await forget()
    for (let i = 0; i < 8; i++) {
      const client = processFor('203.0.113.5')
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => client.get('/admin/dead-letters', { authorization: RIGHT })),
      )
      expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200))
    }
  })

  test('change nothing for a page of another site', async () => {
    await forget()
    const client = processFor('203.0.113.6')
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://localhost', 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]
    const paths = ['/admin/dead-letters/redrive', '/admin/queues/queues/fetch-content?index']
    for (const path of paths) {
      for (const headers of foreign) {
        const { status, body } = await client.post(path, undefined, { authorization: RIGHT, ...headers })
        expect([path, headers, status, body.error_code]).toEqual([path, headers, 403, 'CROSS_ORIGIN'])
      }
    }
    const own: Record<string, string>[] = [
      {},
      { origin: 'http://localhost' },
      { 'sec-fetch-site': 'same-origin' },
    ]
    for (const headers of own) {
      const { status } = await client.post(paths[0]!, undefined, { authorization: RIGHT, ...headers })
      expect([headers, status]).toEqual([headers, 200])
    }
  })
})

describe('the dashboard', () => {
  // It brings a queue client of its own, which must take the schema that ours writes for its own.
  test('opens a job’s page, cancels the job and resumes it', async () => {
    await forget()
    const client = processFor('203.0.113.8')
    const user = await trove.register()
    const { job_id } = (await user.post('/v1/items', { url: 'https://youtu.be/dashboard01' })).body
    const path = `/admin/queues/queues/fetch-content/jobs/${job_id}`
    const page = await client.get(path, { authorization: RIGHT })
    expect([page.status, page.body.includes('content_id')]).toEqual([200, true])
    for (const [intent, state] of Object.entries({ cancel: 'cancelled', resume: 'created' })) {
      const headers = { authorization: RIGHT, 'content-type': 'application/x-www-form-urlencoded' }
      const { status } = await client.send('POST', path, { headers, body: `intent=${intent}` })
      const [job] = await trove.database.sql`select state::text from pgboss.job where id = ${job_id}`
      expect([intent, status, job!.state]).toEqual([intent, 200, state])
    }
  })

  test('and the admin’s own pages take a form of 64 KiB and no larger one', async () => {
    await forget()
    const client = processFor('203.0.113.9')
    const headers = { authorization: RIGHT, 'content-type': 'application/x-www-form-urlencoded' }
    for (const path of ['/admin/dead-letters/redrive', '/admin/queues/queues/fetch-content/jobs/x']) {
      const told = await client.send('POST', path, {
        headers: { ...headers, 'content-length': '65537' },
        body: 'a=b',
      })
      const untold = await client.send('POST', path, { headers, body: 'a'.repeat(65_537) })
      for (const { status, body } of [told, untold]) {
        expect([path, status, body.error_code]).toEqual([path, 413, 'BODY_TOO_LARGE'])
      }
    }
    const many = await client.send('POST', '/admin/dead-letters/redrive', {
      headers,
      body: 'ids=1&'.repeat(1001),
    })
    expect([many.status, many.body.field_errors]).toEqual([
      422,
      [{ loc: ['body', 'ids'], msg: 'must hold at most 1000 items', type: 'max_length' }],
    ])
  })

  test('runs the scripts of its page, and none that stands in an attribute or came with a job', async () => {
    await forget()
    const client = processFor('203.0.113.10')
    const pages = []
    for (let i = 0; i < 2; i++) pages.push(await client.get('/admin/queues', { authorization: RIGHT }))
    const nonces = pages.map(({ body, headers }) => {
      const [, nonce] = /script-src 'self' 'nonce-([\w+/=]{24})';/.exec(
        headers.get('content-security-policy')!,
      )!
      const scripts: string[] = body.match(/<script[^>]*>/g)
      expect(scripts.length).toBeGreaterThan(2)
      for (const script of scripts) expect(script).toStartWith(`<script nonce="${nonce}"`)
      expect(body).not.toMatch(/<[^>]+ on\w+=/)
      return nonce
    })
    expect(nonces[0]).not.toBe(nonces[1])
  })

  test('names no other host in its page or its scripts', async () => {
    await forget()
    const client = processFor('203.0.113.7')
    const get = (path: string) => client.get(path, { authorization: RIGHT })
    const { status, body, headers } = await get('/admin/queues')
    expect(status).toBe(200)
    expect(headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(body).toContain('/admin/dead-letters')
    const assets: string[] = [
      ...new Set(body.match(/\/admin\/queues\/assets\/[\w.-]+\.(?:js|css)/g) as string[]),
    ]
    expect(assets.length).toBeGreaterThan(5)
    for (const path of ['/admin/queues', ...assets]) {
      const answer = await get(path)
      expect([path, answer.status, /fonts\.g\w+\.com/.exec(answer.body)]).toEqual([path, 200, null])
    }
  })
})
