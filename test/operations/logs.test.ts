// The log as an operator gets it: that of the process itself.
import { describe, expect, test } from 'bun:test'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '../../src/ground/log/log.ts'
import { startOpenaiSimulator } from '../simulators/openai.ts'
import { startPlatformSimulator } from '../simulators/platforms.ts'
import { startReceiver } from '../simulators/webhook-receiver.ts'
import { type Client, clientOf } from '../support/app.ts'
import { openTestDatabase, usesRealPostgres } from '../support/database.ts'
import { openEvents } from '../support/events.ts'
import { startProcess } from '../support/process.ts'

/** What an operator configures; none of it may be read in the log. */
const CONFIGURED = {
  JWT_SECRET_KEY: 'jwt-signing-secret-of-more-than-32-bytes',
  ENCRYPTION_KEY: 'sealing-key-of-more-than-32-bytes-too',
  ADMIN_PASSWORD: 'admin-password-of-mine',
  METRICS_TOKEN: 'metrics-token-of-mine',
  INSTAGRAM_ACCESS_TOKEN: 'instagram-token-of-mine',
}
/** What clients send; all of it is in a place from which it could come into a log. */
const SENT = {
  password: 'correct horse battery staple',
  wrong: 'wrong-password-88',
  broken: 'password-in-broken-json',
  extra: 'password-where-none-belongs',
  cookie: 'session-cookie-4711',
  bearer: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJub2JvZHkifQ.c2lnbmF0dXJl',
  cursor: 'cursor-of-somebody-else',
  query: 'token-in-the-query-99',
  database: 'database-password-77',
  quoted: 'password-that-an-error-quotes',
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return String(port)
}

describe.if(usesRealPostgres)('the log of a process in production', () => {
  test('has a line for each request and each job, and no secret in any', async () => {
    const [models, platforms, receiver] = [
      await startOpenaiSimulator(),
      await startPlatformSimulator(),
      await startReceiver(),
    ]
    const database = await openTestDatabase()
    const folder = mkdtempSync(join(tmpdir(), 'trove-logs-'))
    const port = await freePort()
    const server = startProcess({
      ...platforms.env,
      ...models.env,
      ...database.settings,
      ...CONFIGURED,
      ENVIRONMENT: 'production',
      LOG_LEVEL: 'debug',
      HOST: '127.0.0.1',
      PORT: port,
      DATA_DIR: folder,
      DRAIN_SECONDS: '5',
      FETCH_ALLOW_HOSTS: `${platforms.env.FETCH_ALLOW_HOSTS ?? ''},${receiver.host}`,
    })
    const secrets = new Set([...Object.values(CONFIGURED), ...Object.values(SENT)])
    secrets.add(models.env.OPENAI_API_KEY!).add(platforms.env.YOUTUBE_API_KEY!)
    const asked: { id: string; status: number; user_id?: string | undefined }[] = []
    const base = `http://127.0.0.1:${port}`
    /** Asks with an id of its own, which the log must show once. */
    const as = (always: Record<string, string> = {}, user_id?: string): Client => {
      const count = async (request: Request) => {
        const id = `request-${asked.length}`
        const entry = { id, status: 0, user_id }
        asked.push(entry)
        request.headers.set('x-request-id', id)
        const response = await fetch(request)
        entry.status = response.status
        return response
      }
      return clientOf(count, always, base)
    }
    try {
      await server.until(/is ready/)
      const stranger = as()
      const email = 'alice@example.com'
      const registered = await stranger.post('/v1/auth/register', { email, password: SENT.password })
      expect(registered.status).toBe(201)
      const { access_token: token, user } = registered.body
      secrets.add(token)
      const login = await stranger.post('/v1/auth/login', { email, password: SENT.password })
      secrets.add(login.body.access_token)
      await stranger.post('/v1/auth/login', { email, password: SENT.wrong })
      const json = { 'content-type': 'application/json' }
      await stranger.send('POST', '/v1/auth/login', {
        headers: json,
        body: `{"email": "${email}", "password": "${SENT.broken}`,
      })
      await stranger.post('/v1/auth/register', { email: 7, password: { no: SENT.extra } })
      await stranger.get('/v1/items', { authorization: `Bearer ${SENT.bearer}`, cookie: SENT.cookie })
      await stranger.get(`/nowhere/${SENT.bearer}?token=${SENT.query}`)
      await stranger.send('PUT', '/health')
      await stranger.send('OPTIONS', '/v1/items')
      await stranger.get('/ready')
      await stranger.get('/metrics', { authorization: `Bearer ${CONFIGURED.METRICS_TOKEN}` })

      const alice = as({ authorization: `Bearer ${token}` }, user.id)
      await alice.get(`/v1/items?cursor=${SENT.cursor}`)
      await alice.get(`/v1/items?access_token=${SENT.query}`)
      const events = await openEvents(fetch, { token, base })
      const hook = await alice.post('/v1/webhooks/register', { url: receiver.url, events: ['content.ready'] })
      expect(hook.status).toBe(201)
      secrets.add(hook.body.secret)
      const rotated = await alice.post(`/v1/webhooks/${hook.body.id}/rotate`)
      secrets.add(rotated.body.secret)

      // The provider repeats the key that it refuses; the job is tried again.
      models.fail('chat', 'bad_key', 1)
      const saved = await alice.post('/v1/items', {
        url: `https://www.youtube.com/watch?v=${platforms.videos[0]!.video_id}`,
      })
      const cause = asked.at(-1)!.id
      while ((await events.next())!.type !== 'content.ready');
      await events.close()
      await receiver.until(1)
      await server.until(new RegExp(`"job":"deliver-webhook"[^\n]*"request_id":"${cause}"`))
      expect((await alice.get(saved.headers.get('location')!)).status).toBe(200)

      // An error of the database that quotes what it should not, in its message and so in its stack.
      await database.sql.unsafe(`
        create function refuse() returns trigger language plpgsql as $$ begin
          raise exception 'no route to postgres://app:${SENT.database}@db/trove, body {"password":"${SENT.quoted}"}';
        end $$`)
      await database.sql`create trigger refuse before insert on webhooks for each row execute function refuse()`
      const failed = await alice.post('/v1/webhooks/register', {
        url: receiver.url,
        events: ['content.ready'],
      })
      expect(failed.status).toBe(500)
      const failure = asked.at(-1)!.id
      await server.until(/"message":"Request answered"/)

      server.child.kill('SIGINT')
      expect(await server.exit).toBe(0)
      const printed = server.printed()
      for (const secret of secrets) expect(printed).not.toContain(secret)
      const lines = printed
        .trim()
        .split('\n')
        .map(line => JSON.parse(line))

      for (const { id, status, user_id } of asked) {
        const own = lines.filter(it => it.message === 'Request answered' && it.request_id === id)
        expect(own).toHaveLength(1)
        expect(own[0]).toMatchObject({ status, method: expect.any(String), ms: expect.any(Number) })
        if (user_id) expect(own[0]).toMatchObject({ user_id, route: expect.stringMatching(/^\/v1\//) })
      }
      expect(lines.find(it => it.request_id === failure && it.error)).toMatchObject({
        level: 'error',
        error: expect.stringContaining('postgres://app:[redacted]@db/trove'),
      })
      const ofSave = lines.filter(it => it.job && it.request_id === cause)
      const done = ofSave.filter(it => it.message === 'Job done')
      expect(done.map(({ job }) => job).sort()).toEqual(
        ['deliver-webhook', 'embed-content', 'fetch-content', 'understand-content'].sort(),
      )
      expect(ofSave.filter(it => it.message !== 'Job done')).toMatchObject([
        { message: 'Job failed and will be tried again', job: 'understand-content', try: 1 },
      ])
      for (const line of done)
        expect(line).toMatchObject({ ms: expect.any(Number), job_id: expect.any(String) })
    } finally {
      server.child.kill('SIGKILL')
      await server.exit
      await Promise.all([models.close(), platforms.close(), receiver.close(), database.close()])
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('a line', () => {
  const config = {
    LOG_LEVEL: 'info',
    ENVIRONMENT: 'production',
    OPENAI_API_KEY: 'a "quoted" key (of mine)',
    OPENAI_BASE_URL: 'https://token-of-a-proxy@models.example/v1',
    DATABASE_URL: 'postgres://app:pass%2Bword@db/trove',
  } as const
  const lineOf = (sentence: string, facts?: Record<string, unknown>, more = {}): string => {
    const lines: string[] = []
    createLog({ ...config, ...more }, line => lines.push(line)).info(sentence, facts)
    expect(lines).toHaveLength(1)
    return lines[0]!
  }

  test.each<[Record<string, unknown>, string]>([
    [{ password: 'x"y' }, 'x'],
    [{ body: { refresh_token: 'inner-1' } }, 'inner-1'],
    [{ headers: { Authorization: 'Bearer abc', 'set-cookie': 'inner-2' } }, 'inner-2'],
    [{ error: new Error('asked https://h/p?a=1&api_key=inner-3&b=2') }, 'inner-3'],
    [{ text: 'Authorization: Basic YWRtaW46c2VjcmV0' }, 'YWRtaW46'],
    [{ text: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }, 'MfKQ9'],
    [{ text: 'at /library#reset=trx_MfKQ9r8GKYqrTwjUPD8I' }, 'MfKQ9'],
    [{ text: 'refused {"password":"in\\"ner-4"}' }, 'ner-4'],
    [{ text: 'the key a "quoted" key (of mine) was refused' }, 'of mine'],
    [{ text: 'token-of-a-proxy is not known' }, 'proxy'],
    [{ text: 'no pg_hba entry for pass%2Bword' }, 'pass%2B'],
  ])('of %p does not show %p, and stays JSON', (facts, secret) => {
    const line = lineOf('Something happened', facts)
    expect(line).not.toContain(secret)
    expect(line).toContain('[redacted]')
    expect(JSON.parse(line)).toMatchObject({ level: 'info', message: 'Something happened' })
  })

  test('keeps what only sounds like a secret', () => {
    const facts = {
      tokens_in: 5,
      key: 'k',
      path: '/v1/auth/token',
      model: 'gpt-5-mini',
      job: 'reembed-contents',
    }
    expect(JSON.parse(lineOf('A token, a key and a password', facts))).toMatchObject(facts)
  })

  test('is a sentence for a person outside of production, with what an error says', () => {
    const line = lineOf(
      'It went wrong',
      { count: 2, of: 'a b', error: new Error('why') },
      { ENVIRONMENT: 'test' },
    )
    expect(line).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} INFO {2}It went wrong count=2 of=a b error=why\nError: why\n/,
    )
  })
})
