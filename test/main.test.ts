// The process as an operator meets it: it starts, says where it is, refuses a bad configuration, stops in order.
import { afterAll, describe, expect, test } from 'bun:test'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openTestDatabase, usesRealPostgres } from './support/database.ts'
import { startProcess } from './support/process.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'trove-main-'))
  folders.push(folder)
  return folder
}

/** Of one that is away: it is asked after all else that can be wrong. */
const withoutDatabase = () => ({
  DATA_DIR: newFolder(),
  DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing',
})

describe('a start', () => {
  test('on an empty folder prints where everything is, answers, and stops in order on SIGTERM', async () => {
    const DATA_DIR = newFolder()
    const server = startProcess({ DATA_DIR })
    const base = await server.address()
    await server.until(/Docs +http:\S+\/docs/)
    await server.until(/Queues +http:\S+\/admin\/queues/)
    const [, password] = await server.until(/Password +(\S+)/)

    expect(await (await fetch(`${base}/ready`)).json()).toEqual({ status: 'ready' })
    const authorization = `Basic ${btoa(`admin:${password}`)}`
    expect((await fetch(`${base}/admin/queues`, { headers: { authorization } })).status).toBe(200)
    expect(statSync(join(DATA_DIR, 'secrets.json')).mode & 0o777).toBe(0o600)

    const token = await register(base!)
    server.child.kill('SIGTERM')
    expect(await server.exit).toBe(0)
    expect(server.printed()).toMatch(/Stopped/)

    // The secrets are kept: an old token is good, and the password is not printed again.
    const again = startProcess({ DATA_DIR })
    const newBase = await again.address()
    await again.until(/Queues/)
    const me = await fetch(`${newBase}/v1/auth/me`, { headers: { authorization: `Bearer ${token}` } })
    expect(me.status).toBe(200)
    expect(again.printed()).not.toContain('Password')
    again.child.kill('SIGINT')
    expect(await again.exit).toBe(0)
  })

  test('on a folder that another process has open is refused by name of that process', async () => {
    const DATA_DIR = newFolder()
    const first = startProcess({ DATA_DIR })
    await first.until(/API +http/)
    const second = startProcess({ DATA_DIR })
    expect(await second.exit).toBe(75)
    expect(second.printed()).toContain(`Process ${first.child.pid} has this database open`)
    first.child.kill('SIGTERM')
    expect(await first.exit).toBe(0)
  })

  test('with a bad configuration names all that is wrong and exits 78', async () => {
    const server = startProcess({ ENVIRONMENT: 'production', PORT: 'high', ROLE: 'boss' })
    expect(await server.exit).toBe(78)
    for (const name of ['PORT', 'ROLE', 'DATABASE_URL', 'JWT_SECRET_KEY', 'ADMIN_PASSWORD']) {
      expect(server.printed()).toContain(name)
    }
  })

  test.each(['bun', 'deno'] as const)(
    'on a port that is taken says so in one sentence and exits 75, on %s',
    async runtime => {
      const other = createServer().listen(0, '127.0.0.1')
      await once(other, 'listening')
      const { port } = other.address() as { port: number }
      const server = startProcess({ ...withoutDatabase(), PORT: String(port) }, runtime)
      expect(await server.exit).toBe(75)
      expect(server.printed()).toBe(
        `Port ${port} of 127.0.0.1 is taken by another process. Stop that, or set PORT to another one.\n`,
      )
      other.close()
    },
  )

  test.each(['bun', 'deno'] as const)(
    'at an address that is not of this machine is a fault of the configuration, on %s',
    async runtime => {
      const server = startProcess({ ...withoutDatabase(), HOST: '192.0.2.1' }, runtime)
      expect(await server.exit).toBe(78)
      expect(server.printed()).toEndWith('\n  HOST must be an address of this machine\n')
    },
  )

  test('with --help or --version answers, and starts nothing', async () => {
    for (const [word, answer] of [
      ['--help', /npm start -- --check-config/],
      ['-h', /npm start -- --check-config/],
      ['--version', /^\d+\.\d+\.\d+\n$/],
    ] as const) {
      // It would be refused, if it looked.
      const server = startProcess({ PORT: 'high' }, 'bun', [word])
      expect([word, await server.exit]).toEqual([word, 0])
      expect(server.printed()).toMatch(answer)
    }
  })

  test('with a word that it does not know says what it knows, and exits 64', async () => {
    const server = startProcess({ DATA_DIR: newFolder() }, 'bun', ['--chek-config'])
    expect(await server.exit).toBe(64)
    expect(server.printed()).toStartWith('Trove does not know "--chek-config". What it knows:')
    expect(server.printed()).not.toMatch(/^ +at /m)
  })

  test('while the database is away waits for it, and says so', async () => {
    const server = startProcess(withoutDatabase())
    await server.until(/The database does not answer yet/)
    server.child.kill('SIGTERM')
    expect(await server.exit).toBe(0)
  })
})

describe('roles', () => {
  // The embedded database has one opener, so two processes need a server.
  test.if(usesRealPostgres)(
    'several processes start on one database, and a worker does what an API was asked',
    async () => {
      const database = await openTestDatabase()
      await database.sql`drop schema public cascade`
      await database.sql`drop schema pgboss cascade`
      await database.sql`create schema public`
      const shared = { ...database.settings, DATA_DIR: newFolder(), RATE_LIMIT_ENABLED: 'false' }
      const roles = ['api', 'api', 'worker', 'worker', 'all', 'all']
      const servers = roles.map(ROLE => startProcess({ ...shared, ROLE }))
      const [[, base]] = (await Promise.all([
        servers[0]!.until(/API +(http:\S+)\/v1/),
        ...servers.map(server => server.until(/is ready/)),
      ])) as [RegExpMatchArray]
      const applied = servers.filter(server => server.printed().includes('Migrated migrations='))
      expect(applied).toHaveLength(1)

      const token = await register(base!)
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const asked = await fetch(`${base}/v1/clusters/rebuild`, { method: 'POST', headers })
      const { job_id } = (await asked.json()) as { job_id: string }
      for (;;) {
        const job = (await (await fetch(`${base}/v1/jobs/${job_id}`, { headers })).json()) as {
          stage: string
        }
        if (job.stage === 'done') break
        await new Promise(resolve => setTimeout(resolve, 50))
      }
      for (const server of servers) server.child.kill('SIGTERM')
      expect(await Promise.all(servers.map(server => server.exit))).toEqual(roles.map(() => 0))
      await database.close()
    },
  )
})

async function register(base: string): Promise<string> {
  const answer = await fetch(`${base}/v1/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: `${crypto.randomUUID()}@example.com`, password: 'correct horse' }),
  })
  return ((await answer.json()) as { access_token: string }).access_token
}

describe('the package', () => {
  test('pins every dependency exactly', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+$/)])
    }
  })
})
