import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { startTrove, type Trove, type User } from '../support/app.ts'

let trove: Trove
let alice: User
beforeAll(async () => {
  trove = await startTrove()
  alice = await trove.register()
  await trove.post('/v1/auth/login', { email: alice.email, password: 'wrong password' })
  await alice.post('/v1/items', { url: 'https://youtu.be/aaaaaaaaaaa' }, { 'x-request-id': 'my-save' })
  await alice.post('/v1/clusters/rebuild')
})
afterAll(() => trove.stop())

const actions = (entries: { action: string }[]) => entries.map(({ action }) => action)
const ALL = ['cluster', 'save', 'login_failed', 'register']

describe('the audit', () => {
  test('tells users what was done in their name, the newest first', async () => {
    const { status, body } = await alice.get('/v1/audit')
    expect(status).toBe(200)
    expect(actions(body.entries)).toEqual(ALL)
    expect(body).toMatchObject({ total: 4, limit: 20, offset: 0, has_more: false, next_cursor: null })
    expect(body.entries[1]).toMatchObject({ resource_type: 'save', request_id: 'my-save' })
  })

  test('goes page by page, by offset and by cursor', async () => {
    const first = await alice.get('/v1/audit?limit=3')
    expect(first.body).toMatchObject({ total: 4, has_more: true })
    const rest = await alice.get(`/v1/audit?limit=3&cursor=${first.body.next_cursor}`)
    expect(actions([...first.body.entries, ...rest.body.entries])).toEqual(ALL)
    expect(rest.body).toMatchObject({ has_more: false, next_cursor: null })
    expect(first.headers.get('link')).toContain('rel="next"')
    expect(actions((await alice.get('/v1/audit?offset=2')).body.entries)).toEqual(ALL.slice(2))
  })

  test('refuses a cursor that is none, or another user’s', async () => {
    const bob = await trove.register()
    const { next_cursor } = (await alice.get('/v1/audit?limit=1')).body
    for (const [who, cursor] of [
      [alice, 'nonsense'],
      [bob, next_cursor],
    ] as const) {
      const { status, body } = await who.get(`/v1/audit?cursor=${cursor}`)
      expect([status, body.error_code]).toEqual([400, 'INVALID_CURSOR'])
    }
  })

  test('is the caller’s own', async () => {
    const bob = await trove.register()
    expect(actions((await bob.get('/v1/audit')).body.entries)).toEqual(['register'])
  })
})
