// A server on the embedded database that is killed amid a refresh, a backup and an erasure: the next start goes on with each.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Client, clientOf } from '../support/app.ts'
import { type Runtime, type Started, startProcess } from '../support/process.ts'

const ADMIN = { email: 'op@example.com', password: 'a password of the operator' }
const password = 'correct horse battery staple'
/** For so long the same next token is given again. */
const GRACE_MS = 10_000
/** After what was asked, in milliseconds: before it is done, amid it, after it. */
const MOMENTS: Record<Runtime, number[]> = { bun: [0, 60], deno: [15, 250] }

describe.each<Runtime>(['bun', 'deno'])('a server on the embedded database (%s)', runtime => {
  let folder: string
  let server: Started
  let client: Client
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'trove-killed-embedded-'))
  })
  afterAll(async () => {
    server.child.kill('SIGKILL')
    await server.exit
    rmSync(folder, { recursive: true, force: true })
  })

  const start = async () => {
    server = startProcess(
      {
        ...{ DATA_DIR: folder, MODELS: 'local', LOG_LEVEL: 'warn', RATE_LIMIT_ENABLED: 'false' },
        ...{ GDPR_GRACE_DAYS: '0', ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password },
      },
      runtime,
    )
    const base = await server.address()
    client = clientOf(fetch, {}, base)
  }
  const signIn = async (who: { email: string; password: string }) =>
    (await client.post('/v1/auth/login', who)).body
  const bearer = ({ access_token }: { access_token: string }) => ({ authorization: `Bearer ${access_token}` })

  test('that is killed goes on with sessions, backups and erasures', async () => {
    await start()
    let { refresh_token } = await signIn(ADMIN)
    const people: string[] = []
    for (const moment of MOMENTS[runtime]) {
      const email = `${crypto.randomUUID()}@example.com`
      people.push(email)
      const { body: person } = await client.post('/v1/auth/register', { email, password })
      const admin = bearer(await signIn(ADMIN))
      await client.post('/v1/backups', undefined, admin)
      const asked = client.post('/v1/auth/gdpr/data-deletion', { password }, bearer(person))
      expect((await asked).status).toBe(202)
      const askedAt = performance.now()
      const unheard = client.post('/v1/auth/refresh', { refresh_token }).catch(() => {})
      await delay(moment)
      server.child.kill('SIGKILL')
      await Promise.all([server.exit, unheard])
      await start()
      const again = await client.post('/v1/auth/refresh', { refresh_token })
      // On a busy machine the start may take longer than a spent token counts: then it may be refused.
      if (performance.now() - askedAt < GRACE_MS) expect([moment, again.status]).toEqual([moment, 200])
      ;({ refresh_token } = again.status === 200 ? again.body : await signIn(ADMIN))
    }
    const admin = bearer(await signIn(ADMIN))
    const backups = async () => (await client.get('/v1/backups', admin)).body.backups
    const isAllMade = async () =>
      (await backups()).every(({ status }: { status: string }) => status === 'READY')
    while (!(await isAllMade())) await delay(50)
    const made = await backups()
    expect(made.length).toBeGreaterThan(0)
    for (const { id } of made) {
      expect((await client.post(`/v1/backups/${id}/verify`, undefined, admin)).body.valid).toBe(true)
    }
    expect(readdirSync(join(folder, 'backups')).filter(name => name.endsWith('.partial'))).toEqual([])
    const left = async () => {
      const [users, trash] = await Promise.all(
        ['', '&deleted=true'].map(more => client.get(`/v1/users?per_page=100${more}`, admin)),
      )
      const all = [...users!.body.users, ...trash!.body.users]
      return all.filter(({ email }: { email: string }) => people.includes(email))
    }
    while ((await left()).length > 0) await delay(50)
  }, 180_000)
})
