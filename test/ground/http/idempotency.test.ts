// Idempotency-Key: one effect, one answer, whichever process is asked and how often.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import * as v from 'valibot'
import { serveRoutes } from '../../../src/app.ts'
import type { Context } from '../../../src/context.ts'
import { openDatabase } from '../../../src/ground/database/connection.ts'
import { once } from '../../../src/ground/http/idempotency/idempotency.ts'
import { problem } from '../../../src/ground/http/problem.ts'
import { route } from '../../../src/route.ts'
import { type Answer, clientOf, startTrove, type Trove, type User } from '../../support/app.ts'
import { testConfig, usesRealPostgres } from '../../support/database.ts'

let trove: Trove
let user: User
let contexts: Context[]
beforeAll(async () => {
  trove = await startTrove()
  user = await trove.register()
  await trove.database.sql`create table effects (note text not null)`
  contexts = [trove.context, { ...trove.context, database: await another() }]
})
afterAll(async () => {
  if (usesRealPostgres) await contexts[1]!.database.close()
  await trove.stop()
})

/** Another pool, as another process has; the embedded database has room for one. */
const another = async () =>
  usesRealPostgres ? openDatabase(testConfig(trove.database.settings)) : trove.context.database

const failed = problem(400, 'FAILED', 'It failed')

/** A route whose one effect can be counted, and told to fail. */
const makeNote = route(
  'POST /notes',
  {
    id: 'makeNote',
    tag: 'Notes',
    summary: 'Make a note',
    may: 'write',
    limit: 'writes',
    once: true,
    body: v.object({ note: v.pipe(v.string(), v.trim()) }),
    gives: {
      status: 201,
      body: v.object({ note: v.string(), made: v.string() }),
      text: 'The note.',
      location: ({ note }) => `/notes/${note}`,
    },
    problems: [failed],
  },
  async ({ tx, body: { note } }) => {
    await tx`insert into effects (note) values (${note})`
    if (note.startsWith('fail')) throw failed()
    return { note, made: crypto.randomUUID() }
  },
)

function post(
  note: string,
  headers: Record<string, string>,
  context = contexts[0]!,
  as = user,
): Promise<Answer> {
  const app = serveRoutes(context, [makeNote])
  const client = clientOf(request => app.handle(request), { authorization: `Bearer ${as.token}` })
  return client.post('/notes', { note }, headers)
}

const effectsOf = async (note: string) => {
  const [{ count }] = await trove.database.sql<[{ count: number }]>`
    select count(*) as count from effects where note = ${note}`
  return count
}
const key = () => ({ 'idempotency-key': crypto.randomUUID() })

describe('a request with an Idempotency-Key', () => {
  test('sent again gets the first status, body and Location, marked as replayed', async () => {
    const headers = key()
    const first = await post('once', headers)
    const again = await post(' once ', headers)
    expect(first.status).toBe(201)
    expect(first.headers.has('idempotency-replayed')).toBe(false)
    expect(again).toMatchObject({ status: 201, body: first.body })
    expect(again.headers.get('location')).toBe('/notes/once')
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(await effectsOf('once')).toBe(1)
  })

  test('is remembered by another process, after a restart of the first', async () => {
    const headers = key()
    const first = await post('restart', headers)
    const database = await another()
    const again = await post('restart', headers, { ...trove.context, database })
    if (usesRealPostgres) await database.close()
    expect(again.body).toEqual(first.body)
    expect(await effectsOf('restart')).toBe(1)
  })

  test('and another body is 422', async () => {
    const headers = key()
    await post('one body', headers)
    const { status, body } = await post('another body', headers)
    expect(status).toBe(422)
    expect(body.error_code).toBe('IDEMPOTENCY_KEY_REUSED')
    expect(await effectsOf('another body')).toBe(0)
  })

  test('that failed stores nothing and may be tried again', async () => {
    const headers = key()
    expect((await post('fail', headers)).status).toBe(400)
    expect((await post('fail no longer', { ...headers })).status).toBe(400)
    expect((await post('succeed', headers)).status).toBe(201)
    expect(await effectsOf('fail')).toBe(0)
  })

  test('belongs to its user', async () => {
    const headers = key()
    const other = await trove.register()
    const mine = await post('shared key', headers)
    const theirs = await post('shared key', headers, contexts[0]!, other)
    expect(theirs.status).toBe(201)
    expect(theirs.body).not.toEqual(mine.body)
  })

  test('is forgotten after 24 hours', async () => {
    const headers = key()
    const { sql } = trove.database
    const first = await post('daily', headers)
    await sql`update idempotency_keys set created_at = now() - interval '25 hours'`
    const again = await post('daily', headers)
    expect(again.status).toBe(201)
    expect(again.headers.has('idempotency-replayed')).toBe(false)
    expect(again.body).not.toEqual(first.body)
  })

  test.each(['', 'has space', 'x'.repeat(256), 'ümlaut'])(
    '%p is not a key: 422 names the header',
    async bad => {
      const { status, body } = await post('never', { 'idempotency-key': bad })
      expect(status).toBe(422)
      expect(body.field_errors[0].loc).toEqual(['header', 'idempotency-key'])
      expect(await effectsOf('never')).toBe(0)
    },
  )

  test('a hundred times at once over two processes has one effect; the rest replay or are told to wait', async () => {
    const headers = key()
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => post('hundred', headers, contexts[i % 2]!)),
    )
    expect(await effectsOf('hundred')).toBe(1)
    const made = answers.filter(({ status }) => status === 201)
    const waiting = answers.filter(({ status }) => status === 409)
    expect(made.length + waiting.length).toBe(100)
    expect(made.filter(({ headers }) => !headers.has('idempotency-replayed'))).toHaveLength(1)
    expect(new Set(made.map(({ body }) => body.made)).size).toBe(1)
    for (const { headers, body } of waiting) {
      expect(headers.get('retry-after')).toBe('1')
      expect(body.error_code).toBe('IDEMPOTENCY_KEY_IN_USE')
    }
    const later = await post('hundred', headers, contexts[1]!)
    expect(later.headers.get('idempotency-replayed')).toBe('true')
    expect(later.body).toEqual(made[0]!.body)
  })

  test.skipIf(!usesRealPostgres)('while the first is still running is 409', async () => {
    const headers = key()
    const { promise: isInside, resolve: enter } = Promise.withResolvers<void>()
    const { promise: mayLeave, resolve: leave } = Promise.withResolvers<void>()
    const request = new Request('http://localhost/', { headers })
    const asked = { request, user, route: 'POST /notes', status: 201, same: { note: 'slow' } }
    const first = once({ begin: work => contexts[0]!.queue.begin(work) }, asked, async () => {
      enter()
      await mayLeave
      return { made: 'slowly' }
    })
    await isInside
    const second = await post('slow', headers, contexts[1]!)
    leave()
    expect((await first).replayed).toBe(false)
    expect(second.status).toBe(409)
  })
})

test('without a key every request has its own effect', async () => {
  await post('plain', {})
  await post('plain', {})
  expect(await effectsOf('plain')).toBe(2)
})
