// The files that make and run the image agree with each other and with the project. `npm run test:image` builds it.
import { afterAll, describe, expect, test } from 'bun:test'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig, VARIABLE_NAMES } from '../../src/config/config.ts'

interface Service {
  image: string
  environment: Record<string, string | null>
  healthcheck: Record<string, string | number | string[]>
  deploy: { resources: { limits: Record<string, unknown> } }
  volumes?: string[]
  tmpfs: string[]
  [key: string]: unknown
}

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')
const manifest = JSON.parse(read('package.json'))
const dockerfile = read('Dockerfile').replaceAll('\\\n', ' ')
const compose = Bun.YAML.parse(read('compose.yaml')) as {
  services: { trove: Service; database: Service }
  volumes: Record<string, unknown>
  networks: Record<string, { internal?: boolean } | null>
}
const { trove, database } = compose.services

const setting = (pattern: RegExp) => pattern.exec(dockerfile)?.[1]
const seconds = (text: unknown) => Number(/^(\d+)s$/.exec(String(text))?.[1])

describe('the Dockerfile', () => {
  test('pins the runtime of package.json, and says the version of package.json', () => {
    expect(setting(/^ARG BASE_IMAGE=oven\/bun:([\d.]+)-slim$/m)).toBe(manifest.dependencies.bun)
    expect(setting(/image\.version="([^"]+)"/)).toBe(manifest.version)
  })

  test('copies only what is there and what .dockerignore lets through', () => {
    const lets = read('.dockerignore').split('\n')
    expect(lets.filter(line => !line.startsWith('#'))[0]).toBe('*')
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, from]) =>
      from!.split(' '),
    )
    expect(copied).toContain('src')
    expect(copied.filter(path => !existsSync(new URL(`../../${path}`, import.meta.url)))).toEqual([])
    expect(new Set(lets.filter(line => line.startsWith('!')))).toEqual(
      new Set(copied.map(path => `!${path}`)),
    )
  })

  test('takes nothing into its last stage that a layer would have to hide again', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))
    expect(last).toContain('CMD ["bun", "src/main.ts"]')
    expect(last).not.toMatch(/--mount|\brm\b|^(ADD|ARG) /m)
    expect([...last.matchAll(/--from=dependencies (\S+)/g)].map(([, path]) => path)).toEqual([
      '/app/node_modules',
    ])
  })
})

describe('compose.yaml', () => {
  test('gives the server each of its variables, or leaves it to the image', () => {
    const ofImage = VARIABLE_NAMES.filter(name => new RegExp(`^ENV.*\\s${name}=`, 'm').test(dockerfile))
    expect(ofImage).toEqual(['PORT', 'HOST', 'ENVIRONMENT', 'DATA_DIR'])
    const given = Object.keys(trove.environment)
    // All of Trove in one container.
    expect([...given, ...ofImage, 'ROLE'].sort()).toEqual([...VARIABLE_NAMES].sort())
  })

  test('refuses to start without its secrets, and says how to make them', () => {
    for (const name of ['DATABASE_URL', 'JWT_SECRET_KEY', 'ADMIN_PASSWORD'] as const) {
      expect(trove.environment[name]).toMatch(/\$\{\w+:\?is required[^}]+\}/)
    }
    expect(database.environment.POSTGRES_PASSWORD).toMatch(/\$\{POSTGRES_PASSWORD:\?is required[^}]+\}/)
  })

  test('says the lines that make them, as the README does, and a second run changes nothing', () => {
    const [lines] = read('README.md').match(/^touch \.env.*?^done$/ms)!
    expect(read('compose.yaml')).toContain(lines.replaceAll(/^/gm, '#   '))
    const folder = mkdtempSync(join(tmpdir(), 'trove-env-'))
    try {
      const run = () => {
        expect(spawnSync('sh', ['-ec', lines], { cwd: folder, encoding: 'utf8' }).stderr).toBe('')
        return readFileSync(join(folder, '.env'), 'utf8')
      }
      const made = run()
      expect(run()).toBe(made)
      expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600)
      const env = Object.fromEntries(
        made
          .trim()
          .split('\n')
          .map(line => line.split('=') as [string, string]),
      )
      const { POSTGRES_PASSWORD, ...own } = env
      expect(new Set(Object.values(env)).size).toBe(5)
      const all = { ...own, DATABASE_URL: `postgres://trove:${POSTGRES_PASSWORD}@database:5432/trove` }
      expect(readConfig({ ...all, ENVIRONMENT: 'production' })).toMatchObject(own)
      expect(Object.keys(own).sort()).toEqual([
        ...['ADMIN_PASSWORD', 'ENCRYPTION_KEY', 'JWT_SECRET_KEY', 'METRICS_TOKEN'],
      ])
      // What is there already is kept.
      writeFileSync(join(folder, '.env'), 'ADMIN_PASSWORD=mine\n')
      expect(run()).toStartWith('ADMIN_PASSWORD=mine\n')
      expect(run().match(/ADMIN_PASSWORD/g)).toHaveLength(1)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('what it sets is a configuration that production takes', () => {
    const made = '0123456789abcdef'.repeat(4)
    const fill = (value: string) => value.replaceAll(/\$\{\w+:\?[^}]+\}/g, made)
    const set = Object.entries(trove.environment).filter(([, value]) => value !== null)
    const env = Object.fromEntries(set.map(([name, value]) => [name, fill(value!)]))
    const config = readConfig({ ...env, ENVIRONMENT: 'production' })
    expect(new URL(config.DATABASE_URL!)).toMatchObject({
      username: 'trove',
      password: made,
      hostname: 'database',
      pathname: '/trove',
    })
  })

  test.each(Object.entries(compose.services))(
    '%s is pinned or built, limited, unprivileged, read-only and started again',
    (_, service) => {
      expect(service.build ?? service.image).toMatch(/^(\.|[\w/]+:\d+\.\d+\.\d+-\w+)$/)
      expect(service).toMatchObject({
        restart: 'unless-stopped',
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        healthcheck: { test: expect.arrayContaining(['CMD']) },
        deploy: {
          resources: { limits: { cpus: expect.any(String), memory: expect.any(String), pids: 256 } },
        },
      })
      expect(service.tmpfs.some(mount => mount.startsWith('/tmp:'))).toBe(true)
      expect(service.privileged).toBeUndefined()
    },
  )

  test('waits for the database, whose files are in a named volume and which only Trove reaches', () => {
    expect(trove.depends_on).toEqual({ database: { condition: 'service_healthy' } })
    const [volume, folder] = database.volumes![0]!.split(':')
    expect(Object.keys(compose.volumes)).toEqual([volume!])
    // Of the image's majors up to 17.
    expect(folder).toBe('/var/lib/postgresql/data')
    expect(database.ports).toBeUndefined()
    expect(database.networks).toEqual(['inside'])
    expect(compose.networks.inside?.internal).toBe(true)
    expect(trove.ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:/)])
  })

  test('has the image make the database by a script that is there, and names no superuser to Trove', () => {
    const [, script] = database.volumes!
    const [from, to, mode] = script!.split(':')
    expect([to, mode]).toEqual(['/docker-entrypoint-initdb.d/make-database.sh', 'ro'])
    expect(read(from!)).toContain('create role trove login nosuperuser')
    expect(Object.keys(database.environment)).toEqual(['POSTGRES_PASSWORD', 'POSTGRES_INITDB_ARGS'])
  })

  test('asks for health as the image does', () => {
    const [, options, command] = /^HEALTHCHECK (.*?)\s+CMD (.*)$/m.exec(dockerfile)!
    const { test: asked, ...times } = trove.healthcheck
    expect(asked).toEqual(['CMD', ...JSON.parse(command!)])
    const said = Object.entries(times).map(([name, value]) => `--${name.replace('_', '-')}=${value}`)
    expect(said.sort()).toEqual(options!.trim().split(/\s+/).sort())
  })

  test('kills the server only after it had its time to stop', () => {
    // It ends itself five seconds after DRAIN_SECONDS.
    expect(seconds(trove.stop_grace_period)).toBeGreaterThanOrEqual(
      Number(trove.environment.DRAIN_SECONDS) + 10,
    )
  })
})

describe('the health check', () => {
  let status = 200
  let askedFor: unknown
  const server = createServer((request, response) => {
    askedFor = [request.url, request.headers.host]
    response.writeHead(status).end()
  }).listen(0, '127.0.0.1')
  afterAll(() => server.close())

  async function check(env: Record<string, string> = {}): Promise<number> {
    if (!server.listening) await once(server, 'listening')
    const PORT = String((server.address() as AddressInfo).port)
    const child = spawn(process.execPath, ['scripts/image/healthcheck.ts'], { env: { PORT, ...env } })
    const [code] = await once(child, 'exit')
    return code
  }

  test('is well exactly when the server says that it is ready', async () => {
    status = 200
    expect(await check()).toBe(0)
    expect(askedFor).toEqual(['/ready', expect.stringMatching(/^127\.0\.0\.1:/)])
    status = 503
    expect(await check()).toBe(1)
  })

  test('is not well when nothing listens', async () => {
    expect(await check({ PORT: '1' })).toBe(1)
  })

  test('asks by a name that the server answers to', async () => {
    status = 200
    await check({ ALLOWED_HOSTS: ' trove.example.com, other.example.com' })
    expect(askedFor).toEqual(['/ready', 'trove.example.com'])
    await check({ ALLOWED_HOSTS: '*.example.com' })
    expect(askedFor).toEqual(['/ready', 'health.example.com'])
  })
})
