// What an admin sets while Trove runs: all of it or nothing, in force everywhere, and nothing that leads out of DATA_DIR.
import { afterAll, beforeAll, describe, expect, setSystemTime, spyOn, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../../src/app.ts'
import type { Context } from '../../src/context.ts'
import { BreakerOpen } from '../../src/ground/breakers.ts'
import { rateLimitWindow } from '../../src/ground/http/limits/default-limit.ts'
import { liveSettings, settingNow } from '../../src/ground/settings/settings.ts'
import { makeContext } from '../../src/make-context.ts'
import { operations } from '../../src/operations/room.ts'
import { backupFolder, backupPath } from '../../src/operations/settings/backup-folder.ts'
import { type Client, clientOf, startTrove, type Trove } from '../support/app.ts'
import { testConfig, usesRealPostgres } from '../support/database.ts'
import { openSecond } from '../support/second-process.ts'
import { addUser } from '../support/token.ts'

const LIMITS = 'register=9999/1h,config_read=9999/1h,config_write=9999/1h,config_test=9999/1h'
const scratch = mkdtempSync(join(tmpdir(), 'trove-settings-'))

let trove: Trove
let adminId: string
let admin: Client
let user: Client
/** As if another process, with breakers of its own. */
let second: Context
let there: Client
let closeThere: () => Promise<void>
beforeAll(async () => {
  trove = await startTrove({
    RATE_LIMIT_ENABLED: 'true',
    RATE_LIMITS: LIMITS,
    DATA_DIR: join(scratch, 'data'),
  })
  mkdirSync(trove.context.config.DATA_DIR, { recursive: true })
  const secret = trove.context.config.JWT_SECRET_KEY!
  const [one, other] = [await addUser(trove.database.sql, secret), await addUser(trove.database.sql, secret)]
  await trove.database.sql`update users set role = 'admin' where id = ${one.id}`
  adminId = one.id
  admin = as(one.token)
  user = as(other.token)
  const opened = await openSecond(trove)
  second = makeContext(trove.context.config, trove.context.log, opened.context.database)
  await operations.starts!(second)
  const app = createApp(second)
  there = clientOf(request => app.app.handle(request), { authorization: `Bearer ${other.token}` })
  closeThere = async () => {
    await app.close()
    await Promise.all([second.models.close(), second.reader.close()])
    await opened.close()
  }
})
afterAll(async () => {
  await closeThere()
  await trove.stop()
  rmSync(scratch, { recursive: true })
})

const as = (token: string) => clientOf(request => trove.handle(request), { authorization: `Bearer ${token}` })
const put = (body: unknown, headers: Record<string, string> = {}) =>
  admin.send('PUT', '/v1/config', {
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  })
const rows = () => trove.database.sql`select key, value, version from settings order by key`

/** Begins changes, and lets them go on when both have come as far as they can while somebody holds the row. */
async function meeting<T>(begin: () => Promise<T>[]): Promise<Promise<T>[]> {
  // The embedded database has one session.
  if (!usesRealPostgres) return begin()
  return trove.database.sql
    .begin(async tx => {
      await tx`select key from settings where key = 'circuit_breaker_timeout' for update`
      const begun = begin()
      for (;;) {
        const waiting = await tx`select pid from pg_locks where not granted`
        if (waiting.length >= 2) return { begun }
      }
    })
    .then(({ begun }) => begun)
}

/** Asks the other process for something until it is so, and tells how many milliseconds that took. */
async function untilThere(isSo: () => Promise<boolean> | boolean): Promise<number> {
  const begun = performance.now()
  while (!(await isSo())) await second.database.sql`select 1`
  return performance.now() - begun
}
const liveThere = (key: string) => liveSettings(second).now()[key]
const policyThere = async () => (await there.get('/v1/audit')).headers.get('ratelimit-policy')

describe('the configuration', () => {
  test('is shown to whoever is signed in, without what is private of it', async () => {
    const { status, body, headers } = await user.get('/v1/config')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      rate_limit_max_requests: 300,
      rate_limit_window: 60,
      circuit_breaker_failure_threshold: 5,
      circuit_breaker_timeout: 30,
      environment: 'test',
      registration: 'open',
      llm_provider: 'local',
    })
    expect(JSON.stringify(body)).not.toContain(scratch)
    const again = await user.get('/v1/config', { 'if-none-match': headers.get('etag')! })
    expect([again.status, again.body]).toEqual([304, ''])
    expect((await trove.get('/v1/config')).status).toBe(401)
  })

  test('is changed by admins alone, who are recorded', async () => {
    const refused = await user.send('PUT', '/v1/config', {
      body: '{"registration":"closed"}',
      headers: { 'content-type': 'application/json' },
    })
    expect(refused.status).toBe(403)
    const { status, body } = await put({ registration: 'closed', circuit_breaker_timeout: 31 })
    expect([status, body]).toEqual([
      200,
      {
        message: 'Configuration updated successfully',
        updated_config: { registration: 'closed', circuit_breaker_timeout: 31 },
      },
    ])
    const [entry] = await trove.database.sql`
      select user_id, details from audit_entries where action = 'update_config'`
    expect(entry).toEqual({
      user_id: adminId,
      details: { registration: 'closed', circuit_breaker_timeout: 31 },
    })
    expect((await user.get('/v1/config')).body).toMatchObject({ registration: 'closed' })
  })

  test('takes a setting back by null, and then is as the environment says', async () => {
    await put({ registration: 'invite' })
    const { body } = await put({ registration: null })
    expect(body.updated_config).toEqual({ registration: 'open' })
  })
})

describe('a change', () => {
  test.each([
    [{ rate_limit_max_requests: 0 }, 'rate_limit_max_requests', 'must be at least 1'],
    [{ rate_limit_max_requests: 10_001 }, 'rate_limit_max_requests', 'must be at most 10000'],
    [{ rate_limit_window: 0 }, 'rate_limit_window', 'must be at least 1'],
    [{ rate_limit_window: 86_401 }, 'rate_limit_window', 'must be at most 86400'],
    [{ circuit_breaker_failure_threshold: 101 }, 'circuit_breaker_failure_threshold', 'must be at most 100'],
    [{ circuit_breaker_timeout: 3601 }, 'circuit_breaker_timeout', 'must be at most 3600'],
    [{ circuit_breaker_timeout: 1.5 }, 'circuit_breaker_timeout', 'must be a whole number'],
    [{ rate_limit_window: '60' }, 'rate_limit_window', 'expected number'],
    [{ registration: 'maybe' }, 'registration', 'must be one of: open, invite, closed'],
    [{ log_path: '/var/log/trove.log' }, 'log_path', /^logs go to standard output/],
    [{ api_base_url: 'https://example.com' }, 'api_base_url', /^addresses are set in the environment/],
    [{ rate_limit_windw: 60 }, 'rate_limit_windw', /did you mean rate_limit_window\?$/],
    [{ backup_path: '' }, 'backup_path', 'must be at least 1 characters'],
    [{ backup_path: 'a\0b' }, 'backup_path', 'must be well-formed text without NUL'],
  ])(
    'such as %p is refused beside one that is right, and both are left undone',
    async (wrong, field, says) => {
      const before = await rows()
      const { status, body } = await put({ circuit_breaker_timeout: 77, ...wrong })
      expect(status).toBe(422)
      expect(body.field_errors).toHaveLength(1)
      expect(body.field_errors[0].loc).toEqual(['body', field])
      expect(body.field_errors[0].msg).toMatch(says)
      expect(await rows()).toEqual(before)
    },
  )

  test('of nothing is refused', async () => {
    const { status, body } = await put({})
    expect([status, body.field_errors[0].msg]).toEqual([422, 'must name at least one setting'])
  })

  test('takes the bounds themselves', async () => {
    const least = { rate_limit_max_requests: 1, rate_limit_window: 1, circuit_breaker_failure_threshold: 1 }
    const most = {
      rate_limit_max_requests: 10_000,
      rate_limit_window: 86_400,
      circuit_breaker_failure_threshold: 100,
      circuit_breaker_timeout: 3600,
    }
    for (const body of [{ ...least, circuit_breaker_timeout: 1 }, most]) {
      const { status, body: answer } = await put(body)
      expect([status, answer.updated_config]).toEqual([200, body])
    }
  })

  test('with the ETag of before is refused, and of two at once with the same one only one is made', async () => {
    const etag = (await user.get('/v1/config')).headers.get('etag')!
    const first = await put({ circuit_breaker_timeout: 40 }, { 'if-match': etag })
    expect(first.status).toBe(200)
    const late = await put({ circuit_breaker_timeout: 41 }, { 'if-match': etag })
    expect([late.status, late.body.error_code]).toEqual([412, 'STALE_ETAG'])
    expect((await put({ circuit_breaker_timeout: 42 }, { 'if-match': '*' })).status).toBe(200)
    const now = (await user.get('/v1/config')).headers.get('etag')!
    const both = () =>
      [43, 44].map(circuit_breaker_timeout => put({ circuit_breaker_timeout }, { 'if-match': now }))
    const answers = await Promise.all(await meeting(both))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412])
    const { headers } = answers.find(({ status }) => status === 200)!
    expect((await user.get('/v1/config')).headers.get('etag')).toBe(headers.get('etag'))
  })
})

describe('what is set', () => {
  test('counts requests by the new limit in every process within a second', async () => {
    expect(await policyThere()).not.toBe('"default";q=41;w=37')
    await put({ rate_limit_max_requests: 41, rate_limit_window: 37 })
    const took = await untilThere(async () => (await policyThere()) === '"default";q=41;w=37')
    expect(took).toBeLessThan(1000)
  })

  test('closes registration in every process within a second', async () => {
    const register = async () => {
      const email = `${crypto.randomUUID()}@example.com`
      const { status, body } = await there.post('/v1/auth/register', {
        email,
        password: 'a long enough password',
      })
      return [status, body.error_code]
    }
    await put({ registration: null })
    expect(await register()).toEqual([201, undefined])
    await put({ registration: 'closed' })
    const took = await untilThere(
      async () => (await there.get('/v1/auth/ways')).body.registration === 'closed',
    )
    expect(took).toBeLessThan(1000)
    expect(await register()).toEqual([403, 'REGISTRATION_CLOSED'])
    await put({ registration: null })
  })

  test('lets in again who had used up the limit of before', async () => {
    await put({ rate_limit_max_requests: 1, rate_limit_window: 86_400 })
    await untilThere(async () => (await there.get('/v1/audit')).status === 429)
    await put({ rate_limit_max_requests: 10_000 })
    await untilThere(async () => (await there.get('/v1/audit')).status === 200)
    await put({ rate_limit_max_requests: null, rate_limit_window: null })
  })

  test('holds for breakers of other processes that have begun to count, or are open', async () => {
    const isSet = (key: string, value: number) => untilThere(() => liveThere(key) === value)
    const fail = () =>
      second.breakers.call('far', () => Promise.reject(new Error('ill'))).catch(error => error)
    await put({ circuit_breaker_failure_threshold: null, circuit_breaker_timeout: null })
    await fail()
    expect(second.breakers.states().far).toBe('closed')
    await put({ circuit_breaker_failure_threshold: 2, circuit_breaker_timeout: 600 })
    await isSet('circuit_breaker_failure_threshold', 2)
    await fail()
    const left = await fail()
    expect([left instanceof BreakerOpen, left.retry_after]).toEqual([true, 600])
    await put({ circuit_breaker_timeout: 10 })
    await isSet('circuit_breaker_timeout', 10)
    try {
      setSystemTime(new Date(Date.now() + 11_000))
      expect(await second.breakers.call('far', async () => 'well')).toBe('well')
    } finally {
      setSystemTime()
    }
  })

  test('is in force from the first request of a process that starts', async () => {
    await put({ rate_limit_max_requests: 123, rate_limit_window: 45 })
    const context = { ...trove.context }
    await operations.starts!(context)
    const { app, close } = createApp(context)
    const { headers } = await clientOf(request => app.handle(request)).get('/v1/auth/ways')
    expect(headers.get('ratelimit-policy')).toBe('"default";q=123;w=45')
    await close()
  })

  test('is looked at every half minute by a process that hears nothing', async () => {
    const { database } = trove.context
    const direct = Object.assign(() => {}, { listen: async () => {} }) as never
    const deaf = { ...trove.context, database: { ...database, direct } }
    await operations.starts!(deaf)
    await put({ rate_limit_window: 99 })
    expect(settingNow(deaf, rateLimitWindow)).not.toBe(99)
    const later = performance.now() + 30_001
    const clock = spyOn(performance, 'now').mockImplementation(() => later)
    try {
      while (settingNow(deaf, rateLimitWindow) !== 99) await database.sql`select 1`
    } finally {
      clock.mockRestore()
    }
  })

  test('by another version of Trove, with bounds that are not ours, is as if it were not', async () => {
    await put({ rate_limit_window: 60 })
    await trove.database.sql`
      update settings set value = '1000000' where key = 'rate_limit_max_requests'`
    expect((await user.get('/v1/config')).body.rate_limit_max_requests).toBe(300)
  })
})

describe('the folder of backups', () => {
  const folder = () => trove.context.config.DATA_DIR
  const ownFolder = () => backupFolder(trove.context)

  test('is one inside of DATA_DIR, named from there or from the root', async () => {
    const real = ownFolder().replace(/backups$/, '')
    expect(ownFolder()).toEndWith('/backups')
    for (const [path, place] of [
      ['nightly', 'nightly'],
      ['not/there/yet', 'not/there/yet'],
      [join(folder(), 'mine'), 'mine'],
    ]) {
      expect((await put({ backup_path: path })).body.updated_config).toEqual({ backup_path: path })
      await untilSet(path!)
      expect(ownFolder()).toBe(real + place)
    }
  })

  test('is none outside of it, by no dots, no root and no link', async () => {
    const outside = join(scratch, 'outside')
    mkdirSync(outside, { recursive: true })
    symlinkSync(outside, join(folder(), 'link'))
    symlinkSync(join(scratch, 'nowhere'), join(folder(), 'dangling'))
    symlinkSync('loop', join(folder(), 'loop'))
    writeFileSync(join(folder(), 'file'), '')
    const paths = ['..', 'a/../../x', 'a/../b', '/etc', outside, `${folder()}-beside`, '.', folder(), 'link']
    paths.push('link/deeper', 'dangling', 'dangling/deeper', 'loop/x', 'file', 'file/x', 'x'.repeat(400))
    const accepted: string[] = []
    for (const backup_path of paths) {
      const { status, body } = await put({ backup_path })
      const isRefused = status === 422 && body.field_errors[0].loc.join() === 'body,backup_path'
      if (!isRefused || JSON.stringify(body).includes(scratch)) accepted.push(backup_path)
    }
    expect(accepted).toEqual([])
  })

  test('is not used any more once a link leads out of DATA_DIR', async () => {
    await put({ backup_path: 'later' })
    await untilSet('later')
    symlinkSync(join(scratch, 'outside'), join(folder(), 'later'))
    expect(ownFolder).toThrow('not inside of DATA_DIR')
  })

  const untilSet = async (path: string) => {
    while (settingNow(trove.context, backupPath) !== path) await trove.database.sql`select 1`
  }
})

describe('the variables', () => {
  test('are told with their source, and secrets only whether they are set', async () => {
    const config = {
      ...testConfig({
        ...{ DATABASE_URL: 'postgres://trove:c4n4ry@db/trove', OPENAI_API_KEY: 'c4n4ry', PORT: '4000' },
        ...{ MAIL_URL: 'smtp://trove:c4n4ry@mail', PUBLIC_URL: 'https://trove.example.com' },
        ...{ OPENAI_BASE_URL: 'https://c4n4ry@models.example.com', LOG_LEVEL: '' },
      }),
      MODELS: 'local' as const,
    }
    await put({ registration: 'closed', rate_limit_max_requests: 7 })
    const { app, close } = createApp({ ...trove.context, config })
    const { token } = await addUser(trove.database.sql, config.JWT_SECRET_KEY!)
    await trove.database.sql`update users set role = 'admin'`
    const client = clientOf(request => app.handle(request), { authorization: `Bearer ${token}` })
    const { status, body } = await client.get('/v1/config/variables')
    await close()
    expect(status).toBe(200)
    const found = Object.fromEntries(body.variables.map((it: { name: string }) => [it.name, it]))
    expect(found.PORT).toMatchObject({ source: 'environment', value: '4000', section: 'server' })
    expect(found.PORT.description).toStartWith('Where the API listens.')
    expect(found.LOG_LEVEL).toMatchObject({ source: 'default', value: 'info' })
    expect(found.REGISTRATION).toMatchObject({ source: 'setting', value: 'closed' })
    expect(found.RATE_LIMITS).toMatchObject({ source: 'setting' })
    expect(found.RATE_LIMITS.value).toStartWith('default=7/')
    for (const name of ['DATABASE_URL', 'OPENAI_API_KEY', 'MAIL_URL', 'JWT_SECRET_KEY']) {
      expect(found[name]).toMatchObject({ is_secret: true, is_set: true, value: null })
    }
    expect(found.METRICS_TOKEN).toMatchObject({ is_secret: true, is_set: false, value: null })
    expect(found.HOST).toMatchObject({ source: 'default', value: '127.0.0.1' })
    expect(JSON.stringify(body)).not.toMatch(/c4n4ry|admin-for-tests|a secret for tests/)
    expect(body.total).toBe(body.variables.length)
  })

  test('are for admins who are signed in', async () => {
    expect((await trove.get('/v1/config/variables')).status).toBe(401)
    const { token } = await addUser(trove.database.sql, trove.context.config.JWT_SECRET_KEY!)
    expect((await as(token).get('/v1/config/variables')).status).toBe(403)
  })
})

describe('a test of the database', () => {
  const testOn = async (context: Context) => {
    const { app, close } = createApp(context)
    const { token } = await addUser(trove.database.sql, context.config.JWT_SECRET_KEY!)
    await trove.database.sql`update users set role = 'admin'`
    const client = clientOf(request => app.handle(request), { authorization: `Bearer ${token}` })
    const { status, body } = await client.post('/v1/config/test-database')
    await close()
    expect(status).toBe(200)
    return body
  }

  test('opens a connection of its own, and is recorded', async () => {
    const body = await testOn(trove.context)
    expect(body).toMatchObject({ status: 'success', message: 'The database answers' })
    expect(body.details.server_version).toMatch(/^\d+/)
    expect(body.details.vector_version).toMatch(/^0\.8/)
    expect(body.connection_time_ms).toBeGreaterThan(0)
    const [entry] = await trove.database.sql`
      select details from audit_entries where action = 'test_database' order by id desc limit 1`
    expect(entry!.details).toEqual({ status: 'success' })
  })

  test('says what is wrong without an address, a name or the driver’s words', async () => {
    const DATABASE_URL = 'postgres://c4n4ry:c4n4ry@127.0.0.1:1/c4n4ry'
    const config = { ...trove.context.config, DATABASE_URL }
    const body = await testOn({
      ...trove.context,
      config,
      database: { ...trove.context.database, isEmbedded: false },
    })
    expect(body).toMatchObject({
      status: 'failure',
      connection_time_ms: null,
      details: { reason: 'unreachable' },
    })
    expect(JSON.stringify(body)).not.toMatch(/c4n4ry|127\.0\.0\.1|ECONN/)
    expect(trove.logs.join('\n')).not.toContain('c4n4ry')
  })
})
