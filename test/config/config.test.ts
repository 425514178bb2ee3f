import { describe, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkConfig } from '../../src/config/check-config.ts'
import { ConfigError, readConfig, SECRET_NAMES, VARIABLE_NAMES } from '../../src/config/config.ts'
import { isAllowedHost } from '../../src/ground/http/edge/hosts.ts'
import { runScript } from '../operations/run-script.ts'

const problemsOf = (env: Record<string, string>): string[] => {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('configuration', () => {
  test('gives a worker a port only when it is set', () => {
    expect(readConfig({ ROLE: 'worker' }).PORT).toBeUndefined()
    expect(readConfig({ ROLE: 'worker', PORT: '3001' }).PORT).toBe(3001)
    expect(readConfig({ ROLE: 'api' }).PORT).toBe(3000)
  })

  test('nothing is needed to start on a laptop', () => {
    const config = readConfig({})
    expect(config).toMatchObject({ PORT: 3000, HOST: '127.0.0.1', ROLE: 'all', MODELS: 'local' })
    expect(config.DATABASE_URL).toBeUndefined()
  })

  test('what sounds like a secret is marked as one, and so is an address that has a password', () => {
    // Numbers: how long a token lives is none.
    const isNumber = (name: string) => /_(MINUTES|DAYS|SECONDS|MOST)$/.test(name)
    const sounds = (name: string) =>
      /KEY|SECRET|PASSWORD|TOKEN/.test(name) || /^(DATABASE|MAIL)\w*_URL$/.test(name)
    const wanted = VARIABLE_NAMES.filter(name => sounds(name) && !isNumber(name))
    expect(wanted.length).toBeGreaterThan(10)
    expect(VARIABLE_NAMES.filter(name => SECRET_NAMES.has(name))).toEqual(wanted)
  })

  test('an empty value counts as not set', () => {
    expect(readConfig({ PORT: ' ', DATABASE_URL: '' })).toMatchObject({ PORT: 3000 })
  })

  test('all problems are reported together, by name, with what would be right and without the value', () => {
    const problems = problemsOf({
      PORT: 'eighty',
      ROLE: 'boss',
      DATABASE_URL: 'mysql://secret@host/db',
      RATE_LIMITS: 'login=lots',
    })
    expect(problems).toHaveLength(4)
    expect(problems.join('\n')).toContain('PORT must be a whole number from 0 to 65535')
    expect(problems.join('\n')).toContain('ROLE must be one of: all, api, worker')
    expect(problems.join('\n')).not.toMatch(/eighty|boss|secret|lots/)
  })

  test('a direct address is one of Postgres, and means nothing without the other', () => {
    const DATABASE_DIRECT_URL = 'postgres://u:p@host/db'
    expect(problemsOf({ DATABASE_DIRECT_URL })).toEqual(['DATABASE_DIRECT_URL needs DATABASE_URL'])
    expect(readConfig({ DATABASE_URL: 'postgres://pooler/db', DATABASE_DIRECT_URL })).toMatchObject({
      DATABASE_DIRECT_URL,
    })
    const [problem] = problemsOf({ DATABASE_URL: 'postgres://pooler/db', DATABASE_DIRECT_URL: 'pooler:6432' })
    expect(problem).toBe('DATABASE_DIRECT_URL must be postgres://user:password@host:port/database')
  })

  test('a provider keeps the slash at the end of its name, is asked by https or here, and needs the rest', () => {
    const client = {
      OIDC_CLIENT_ID: 'trove',
      OIDC_CLIENT_SECRET: 's',
      PUBLIC_URL: 'https://trove.example.com',
    }
    for (const OIDC_ISSUER of [
      ...['https://id.example.com', 'https://id.example.com/application/o/trove/'],
      ...['http://localhost:8080/realms/a', 'http://127.0.0.1:1', 'http://[::1]:1', 'http://id.localhost'],
    ]) {
      expect(readConfig({ OIDC_ISSUER, ...client }).OIDC_ISSUER).toBe(OIDC_ISSUER)
    }
    for (const OIDC_ISSUER of [
      ...['http://id.example.com', 'http://localhost.example.com', 'http://127.0.0.1.example.com'],
      ...['id.example.com', 'ftp://localhost'],
    ]) {
      expect([OIDC_ISSUER, problemsOf({ OIDC_ISSUER, ...client })]).toEqual([
        OIDC_ISSUER,
        ['OIDC_ISSUER must be an https:// address, or an http:// one of this machine'],
      ])
    }
    expect(problemsOf({ OIDC_ISSUER: 'https://id.example.com' })).toEqual([
      'OIDC_ISSUER needs PUBLIC_URL',
      'OIDC_ISSUER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET',
    ])
  })

  test('production needs a database and secrets, and refuses samples and short keys', () => {
    const names = problemsOf({ ENVIRONMENT: 'production' }).join('\n')
    expect(names).toMatch(/DATABASE_URL is required/)
    expect(names).toMatch(/JWT_SECRET_KEY is required/)
    expect(names).toMatch(/ADMIN_PASSWORD is required/)
    const weak = problemsOf({
      ENVIRONMENT: 'production',
      DATABASE_URL: 'postgres://u:p@host/db',
      JWT_SECRET_KEY: 'your-secret-key-here',
      ADMIN_PASSWORD: 'changeme',
    })
    expect(weak.filter(problem => problem.includes('known sample'))).toHaveLength(2)
    expect(weak.join('\n')).toMatch(/JWT_SECRET_KEY must be at least 32 bytes/)
  })

  test('production refuses secrets that nobody made with a generator, a sentence each', () => {
    const good = {
      ENVIRONMENT: 'production',
      DATABASE_URL: 'postgres://u:p@host/db',
      JWT_SECRET_KEY: '0123456789abcdef'.repeat(4),
      ENCRYPTION_KEY: 'fedcba9876543210'.repeat(4),
      ADMIN_PASSWORD: 'a long one of our own',
      METRICS_TOKEN: 'another long one',
    }
    expect(problemsOf(good)).toEqual([])
    for (const name of ['JWT_SECRET_KEY', 'ENCRYPTION_KEY', 'ADMIN_PASSWORD', 'METRICS_TOKEN']) {
      for (const weak of ['k', 'k'.repeat(32), 'ab'.repeat(20), 'CHANGEME', '12345678', '        ']) {
        const problems = problemsOf({ ...good, [name]: weak })
        const isUnset = weak.trim() === '' && ['ENCRYPTION_KEY', 'METRICS_TOKEN'].includes(name)
        expect([name, weak, problems.length > 0]).toEqual([name, weak, !isUnset])
        expect(problems.filter(problem => !problem.startsWith(`${name} `))).toEqual([])
        expect(problems.join('\n')).not.toContain('kkk')
      }
      expect(problemsOf({ ...good, ENVIRONMENT: 'development', [name]: 'k' })).toEqual([])
    }
  })

  test('development answers to names of this machine and HOST alone, unless ALLOWED_HOSTS says more', () => {
    const hosts = (env: Record<string, string>) => readConfig(env).ALLOWED_HOSTS
    const own = ['localhost', '*.localhost', '127.0.0.1', '[::1]']
    expect(hosts({})).toEqual(own)
    expect(hosts({ HOST: '192.168.1.5' })).toEqual([...own, '192.168.1.5'])
    expect(hosts({ HOST: 'fd00::5' })).toEqual([...own, '[fd00::5]'])
    expect(hosts({ ALLOWED_HOSTS: 'trove.lan' })).toEqual(['trove.lan'])
    expect(hosts({ ENVIRONMENT: 'test' })).toEqual([])
    const answers = (host: string) => isAllowedHost(host, hosts({}))
    expect(
      ['localhost:3000', 'trove.localhost', '127.0.0.1:3000', '[::1]:3000'].filter(answers),
    ).toHaveLength(4)
    expect(
      ['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io', '10.0.0.1', ''].filter(answers),
    ).toEqual([])
  })

  test('production listens on all addresses', () => {
    const config = readConfig({
      ENVIRONMENT: 'production',
      DATABASE_URL: 'postgres://u:p@host/db',
      JWT_SECRET_KEY: 'a secret for tests, of more than 32 bytes',
      ADMIN_PASSWORD: 'a long one of our own',
    })
    expect(config.HOST).toBe('0.0.0.0')
  })

  test('models are remote when a key or a base URL is there, and local on demand', () => {
    expect(readConfig({ OPENAI_API_KEY: 'k' }).MODELS).toBe('openai')
    expect(readConfig({ OPENAI_BASE_URL: 'http://localhost:1/v1' }).MODELS).toBe('openai')
    expect(readConfig({ OPENAI_API_KEY: 'k', MODELS: 'local' }).MODELS).toBe('local')
    expect(problemsOf({ MODELS: 'openai' })).toEqual([
      'MODELS=openai needs OPENAI_API_KEY or OPENAI_BASE_URL',
    ])
  })

  test('CLUSTER_SCHEDULE must be what the clock can read, and a time that comes', () => {
    for (const CLUSTER_SCHEDULE of ['0 2 * * *', '*/5 0-6 * * MON', '0 0 29 2 *']) {
      expect(problemsOf({ CLUSTER_SCHEDULE })).toEqual([])
    }
    for (const CLUSTER_SCHEDULE of [
      ...['99 2 * * *', '0 2 * * 8', 'a b c d e', '5-1 * * * *', '0 0 31 2 *'],
      ...['0 2 * *', '0 0 2 * * *', '@daily'],
    ]) {
      expect(problemsOf({ CLUSTER_SCHEDULE }).join()).toMatch(/^CLUSTER_SCHEDULE must be a cron expression/)
    }
  })

  test('.env.example lists every variable, in order', () => {
    const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8')
    const listed = [...example.matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name)
    expect(listed).toEqual(VARIABLE_NAMES)
  })
})

describe('--check-config', () => {
  const secrets = {
    JWT_SECRET_KEY: 'jwtjwtjwtjwtjwtjwtjwtjwtjwtjwtjwtjwt',
    ENCRYPTION_KEY: 'encrencrencrencrencrencrencr',
    OPENAI_API_KEY: 'sk-openopenopen',
    YOUTUBE_API_KEY: 'tubetubetube',
    INSTAGRAM_ACCESS_TOKEN: 'gramgramgram',
    ADMIN_PASSWORD: 'paroleparole',
    METRICS_TOKEN: 'metricsmetrics',
  }

  test('shows each variable with its value and where that comes from', () => {
    const printed = checkConfig({ PORT: '8080', OPENAI_BASE_URL: 'http://localhost:1/v1', ...secrets })
    for (const name of VARIABLE_NAMES) expect(printed).toMatch(new RegExp(`^${name} `, 'm'))
    expect(printed).toMatch(/^PORT +environment +8080$/m)
    expect(printed).toMatch(/^HOST +default +127\.0\.0\.1$/m)
    expect(printed).toMatch(/^MODELS +default +openai$/m)
    expect(printed).toMatch(/^RATE_LIMITS +default +default=300\/60s,.*login=5\/900s,/m)
  })

  test('shows no part of a secret, wherever it stands', () => {
    const printed = checkConfig({
      ...secrets,
      DATABASE_URL: 'postgres://trove:pa%40ssword@db.example/trove?sslpassword=pa%40ssword',
      OPENAI_BASE_URL: 'https://tokentoken@models.example/v1',
    })
    expect(printed).toContain('postgres://trove:***@db.example/trove?sslpassword=***')
    expect(printed).toContain('https://***@models.example/v1')
    for (const secret of [...Object.values(secrets), 'pa%40ssword', 'tokentoken']) {
      expect(printed).not.toContain(secret.slice(0, 5))
    }
  })

  test('as a process reads the secrets that were made, writes nothing, opens nothing, and exits 0', async () => {
    const DATA_DIR = mkdtempSync(join(tmpdir(), 'trove-check-'))
    const check = (env: Record<string, string>) =>
      runScript('src/main.ts', ['--check-config'], { DATA_DIR, ...env })
    const first = await check({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' })
    expect(first).toMatchObject({ code: 0, printed: expect.stringMatching(/JWT_SECRET_KEY +default +made/) })
    expect(readdirSync(DATA_DIR)).toEqual([])
    writeFileSync(join(DATA_DIR, 'secrets.json'), '{"JWT_SECRET_KEY": "kept", "ADMIN_PASSWORD": "kept"}')
    const second = await check({})
    expect(second.code).toBe(0)
    expect(second.printed).toMatch(/JWT_SECRET_KEY +secrets\.json +\(hidden\)/)
    expect(readdirSync(DATA_DIR)).toEqual(['secrets.json'])
    const bad = await check({ PORT: 'high', CLUSTER_SCHEDULE: '99 * * * *' })
    expect(bad.code).toBe(78)
    expect(bad.printed).toContain('2 problem(s)')
    expect(bad.printed).toContain('PORT must be')
    expect(bad.printed).toContain('CLUSTER_SCHEDULE must be')
    rmSync(DATA_DIR, { recursive: true })
  })
})
