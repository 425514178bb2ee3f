// Administration of users: who may do what to whom, the last admin, the trash, lists.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Client, clientOf, startTrove, type Trove } from '../support/app.ts'
import { addUser } from '../support/token.ts'

let trove: Trove
beforeAll(async () => {
  trove = await startTrove({ RATE_LIMIT_ENABLED: 'false' })
})
afterAll(() => trove.stop())

interface Person extends Client {
  id: string
  email: string
}

const password = 'correct horse battery staple'
const patch = (body: unknown) => ({
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
})

async function newUser(role = 'normal'): Promise<Person> {
  const { sql } = trove.database
  const { token, ...user } = await addUser(sql, trove.context.config.JWT_SECRET_KEY!)
  await sql`update users set role = ${role} where id = ${user.id}`
  const own = clientOf(request => trove.handle(request), { authorization: `Bearer ${token}` })
  return { ...own, ...user }
}

test('a role reaches its own account, and those that the table says', async () => {
  const actors = {
    normal: await newUser(),
    superuser: await newUser('superuser'),
    admin: await newUser('admin'),
  }
  const acts: Record<string, (actor: Person, id: string) => ReturnType<Person['get']>> = {
    view: (actor, id) => actor.get(`/v1/users/${id}`),
    update: (actor, id) => actor.send('PUT', `/v1/users/${id}`, patch({ full_name: 'Somebody' })),
    'set the role': (actor, id) => actor.send('PATCH', `/v1/users/${id}`, patch({ role: 'normal' })),
    'set preferences': (actor, id) => actor.send('PUT', `/v1/users/${id}/preferences`, patch({ a: 1 })),
    disable: (actor, id) => actor.send('PUT', `/v1/users/${id}/status`, patch({ active: false })),
    delete: (actor, id) => actor.send('DELETE', `/v1/users/${id}`),
  }
  const found: Record<string, string> = {}
  for (const [role, actor] of Object.entries(actors)) {
    for (const [act, ask] of Object.entries(acts)) {
      const statuses: number[] = []
      for (const target of ['own', 'normal', 'superuser', 'admin', 'nobody']) {
        if (target === 'own' && (act === 'disable' || act === 'set the role')) continue
        const id =
          target === 'own' ? actor.id : target === 'nobody' ? crypto.randomUUID() : (await newUser(target)).id
        const { status, body } = await ask(actor, id)
        if (status === 403 && act !== 'delete' && !/Insufficient permissions/.test(body.detail))
          statuses.push(0)
        statuses.push(status)
      }
      found[`${role} ${act}`] = statuses.join(' ')
    }
  }
  // Own, normal, superuser, admin, nobody's.
  expect(found).toEqual({
    'normal view': '200 403 403 403 403',
    'normal update': '200 403 403 403 403',
    'normal set the role': '403 403 403 403',
    'normal set preferences': '200 403 403 403 403',
    'normal disable': '403 403 403 403',
    'normal delete': '403 403 403 403 403',
    'superuser view': '200 200 403 403 403',
    'superuser update': '200 200 403 403 403',
    'superuser set the role': '403 403 403 403',
    'superuser set preferences': '200 200 403 403 403',
    'superuser disable': '200 403 403 403',
    'superuser delete': '403 403 403 403 403',
    'admin view': '200 200 200 200 404',
    'admin update': '200 200 200 200 404',
    'admin set the role': '200 200 200 404',
    'admin set preferences': '200 200 200 200 404',
    'admin disable': '200 200 200 404',
    'admin delete': '400 200 200 200 404',
  })
})

test('one’s own role, state and tier are for others to change', async () => {
  for (const role of ['normal', 'superuser']) {
    const actor = await newUser(role)
    for (const change of [
      { role: 'admin' },
      { active: true },
      { subscription_tier: 'pro' },
      { full_name: 'x', role },
    ]) {
      const { status, body } = await actor.send('PUT', `/v1/users/${actor.id}`, patch(change))
      // A superuser who is none of the normal users does not reach themselves either.
      expect([role, change, status]).toEqual([role, change, 403])
      expect(body.detail).toBe('Insufficient permissions to update this user')
    }
    const { body } = await actor.send('PUT', `/v1/users/${actor.id}`, patch({ username: `own-${role}` }))
    expect(body.username).toBe(`own-${role}`)
  }
})

describe('the last active admin', () => {
  test('cannot be demoted, disabled or deleted, and of many who remove each other one is left', async () => {
    const { sql } = trove.database
    await sql`update users set role = 'normal'`
    const admins = await Promise.all(Array.from({ length: 6 }, () => newUser('admin')))
    const answers = await Promise.all(
      admins.map((admin, i) => {
        const other = admins[(i + 1) % admins.length]!.id
        if (i % 3 === 0) return admin.send('PATCH', `/v1/users/${other}`, patch({ role: 'normal' }))
        if (i % 3 === 1) return admin.send('PUT', `/v1/users/${other}/status`, patch({ active: false }))
        return admin.send('DELETE', `/v1/users/${other}`)
      }),
    )
    for (const { status } of answers) expect([200, 401, 403, 409]).toContain(status)
    const left = await sql`select id from users where role = 'admin' and is_active and deleted_at is null`
    expect(left.length).toBeGreaterThan(0)

    await sql`update users set role = 'normal'`
    const last = await newUser('admin')
    const other = await newUser('admin')
    await sql`update users set is_active = false where id = ${other.id}`
    for (const [method, path, change] of [
      ['PATCH', '', { role: 'normal' }],
      ['PUT', '/status', { active: false }],
    ] as const) {
      const { status, body } = await last.send(method, `/v1/users/${last.id}${path}`, patch(change))
      expect([status, body.error_code]).toEqual([409, 'LAST_ADMIN'])
    }
  })
})

test('one’s own id is one’s own in capitals, too', async () => {
  const admin = await newUser('admin')
  const user = await newUser()
  await newUser('admin')
  const own = user.id.toUpperCase()
  expect((await user.get(`/v1/users/${own}`)).body.id).toBe(user.id)
  expect((await user.send('PATCH', `/v1/users/${own}`, patch({ full_name: 'Me' }))).status).toBe(200)
  expect((await user.get(`/v1/audit?user_id=${own}`)).body.total).toBe(1)
  const { status, body } = await admin.send('DELETE', `/v1/users/${admin.id.toUpperCase()}`)
  expect([status, body.detail]).toEqual([400, 'Cannot delete your own account'])
})

describe('an account that is removed', () => {
  test('is signed out, frees its email and username, and comes back with what it had', async () => {
    const admin = await newUser('admin')
    const gone = await newUser()
    await trove.database.sql`update users set username = 'gone' where id = ${gone.id}`
    const saved = await gone.post('/v1/items', { url: 'https://youtu.be/dQw4w9WgXcQ' })
    expect(saved.status).toBe(201)
    const removed = await admin.send('DELETE', `/v1/users/${gone.id}`)
    expect(removed.body).toEqual({ message: 'User deleted successfully' })
    expect((await gone.get('/v1/auth/me')).body.detail).toBe('User not found')
    expect((await admin.get(`/v1/users/${gone.id}`)).status).toBe(404)
    const trash = await admin.get('/v1/users?deleted=true&per_page=100')
    const [entry] = trash.body.users.filter(({ id }: { id: string }) => id === gone.id)
    const days = (Date.parse(entry.erase_at) - Date.parse(entry.deleted_at)) / 86_400_000
    expect(days).toBe(trove.context.config.GDPR_GRACE_DAYS)

    const taking = { email: gone.email, username: 'gone', password }
    expect((await trove.post('/v1/auth/register', taking)).status).toBe(201)
    const clash = await admin.post(`/v1/users/${gone.id}/restore`)
    expect([clash.status, clash.body.error_code]).toEqual([400, 'EMAIL_TAKEN'])
    await trove.database.sql`delete from users where email = ${gone.email} and deleted_at is null`
    expect((await admin.post(`/v1/users/${gone.id}/restore`)).status).toBe(200)
    // Its token of before came from no session, and everything of before has ended.
    expect((await gone.get('/v1/auth/me')).status).toBe(401)
    await trove.database.sql`update users set tokens_from = null where id = ${gone.id}`
    expect((await gone.get('/v1/items?status=all')).body.total).toBe(1)
    expect((await admin.post(`/v1/users/${gone.id}/restore`)).status).toBe(404)
  })
})

test('who has asked to be erased is so on that day, also when an admin has removed and restored them', async () => {
  const admin = await newUser('admin')
  const user = await trove.register()
  const asked = await user.post('/v1/auth/gdpr/data-deletion', { password: user.password })
  expect(asked.status).toBe(202)
  const { sql } = trove.database
  await sql`update users set erase_at = erase_at - interval '10 days' where id = ${user.id}`
  await sql`
    update erasures set scheduled_for = scheduled_for - interval '10 days' where id = ${asked.body.request_id}`
  const [wish] = await sql<{ erase_at: string }[]>`select erase_at from users where id = ${user.id}`
  await admin.send('DELETE', `/v1/users/${user.id}`)
  const { body } = await admin.post(`/v1/users/${user.id}/restore`)
  expect(body.erase_at).toBe(wish!.erase_at)
})

describe('an admin', () => {
  test('makes an account, whose user must set a new password first', async () => {
    const admin = await newUser('admin')
    const { status, body, headers } = await admin.post('/v1/users', {
      username: 'New@Example.com',
      password,
      role: 'user',
    })
    expect(status).toBe(201)
    expect(headers.get('location')).toBe(`/v1/users/${body.id}`)
    expect(body).toMatchObject({
      email: 'new@example.com',
      username: null,
      role: 'normal',
      must_change_password: true,
      created_by: admin.id,
      active: true,
    })
    const login = await trove.post('/v1/auth/login', { username: 'new@example.com', password })
    expect(login.body.user.must_change_password).toBe(true)
    const authorization = `Bearer ${login.body.access_token}`
    const items = await trove.get('/v1/items', { authorization })
    expect([items.status, items.body.error_code]).toEqual([403, 'PASSWORD_CHANGE_REQUIRED'])
    expect((await trove.get('/v1/auth/me', { authorization })).status).toBe(200)
    const again = await admin.post('/v1/users', { email: 'new@example.com', password })
    expect([again.status, again.body.error_code]).toEqual([400, 'EMAIL_TAKEN'])
  })

  test('gives an account a name and a profile, which nobody else has', async () => {
    const admin = await newUser('admin')
    const given = {
      username: 'zoe',
      full_name: 'Zoë Example',
      company_name: 'Example',
      locale: 'it',
      timezone: 'UTC',
    }
    const made = await admin.post('/v1/users', { email: 'zoe@example.com', password, ...given })
    expect([made.status, made.body]).toMatchObject([201, given])
    const other = await newUser()
    const codes: string[] = []
    for (const [method, path, body] of [
      ['POST', '/v1/users', { email: 'other@example.com', password, username: 'ZOE' }],
      ['PATCH', `/v1/users/${other.id}`, { username: 'zoe' }],
      ['PATCH', `/v1/users/${other.id}`, { email: 'Zoe@example.com' }],
      ['PATCH', `/v1/users/${other.id}`, { username: 'zoe@example.com' }],
    ] as const) {
      const answer = await admin.send(method, path, patch(body))
      codes.push(`${answer.status} ${answer.body.error_code}`)
    }
    expect(codes).toEqual(['400 USERNAME_TAKEN', '400 USERNAME_TAKEN', '400 EMAIL_TAKEN', '400 EMAIL_TAKEN'])
  })

  test('is told which field is wrong', async () => {
    const admin = await newUser('admin')
    const { id } = await newUser()
    const email = 'right@example.com'
    const found: unknown[] = []
    for (const [method, path, body] of [
      ['POST', '/v1/users', { username: 'no-email', password }],
      ['POST', '/v1/users', { email, username: 'other@example.com', password }],
      ['POST', '/v1/users', { email, password: 'short' }],
      ['POST', '/v1/users', { email, password, role: 'owner' }],
      ['POST', '/v1/users', { email, password, full_name: 'a\0b' }],
      ['PATCH', `/v1/users/${id}`, { email, username: 'other@example.com' }],
      ['PATCH', `/v1/users/${id}`, { role: 'owner' }],
      ['PATCH', `/v1/users/${id}`, { subscription_tier: 'gold' }],
      ['PUT', `/v1/users/${id}/status`, { active: 'no' }],
      ['PUT', '/v1/users/nobody/status', { active: false }],
    ] as const) {
      const answer = await admin.send(method, path, patch(body))
      found.push([answer.status, ...answer.body.field_errors.map(({ loc }: { loc: string[] }) => loc.at(-1))])
    }
    const fields = ['email', 'username', 'password', 'role', 'full_name', 'username', 'role']
    expect(found).toEqual([...fields, 'subscription_tier', 'active', 'id'].map(field => [422, field]))
  })

  test('lists users by role, state and words, page by page', async () => {
    const admin = await newUser('admin')
    const { sql } = trove.database
    await sql`update users set full_name = 'Q100% Real' where id = ${(await newUser()).id}`
    await sql`update users set full_name = 'Q100 Real' where id = ${(await newUser('superuser')).id}`
    const list = async (query: string) => (await admin.get(`/v1/users?${query}`)).body
    expect((await list('search=Q100%25')).total).toBe(1)
    expect((await list('search=Q100')).total).toBe(2)
    expect((await list('search=q100&role=superuser')).total).toBe(1)
    expect((await list('search=q100&active=false')).total).toBe(0)
    const all = await list('per_page=100')
    const seen: string[] = []
    for (let page = 1, has_next = true; has_next; page++) {
      const answer = await list(`per_page=3&page=${page}`)
      expect(answer).toMatchObject({ page, per_page: 3, total: all.total })
      seen.push(...answer.users.map(({ id }: { id: string }) => id))
      has_next = answer.has_next
    }
    expect(seen).toEqual(all.users.map(({ id }: { id: string }) => id))
  })

  test.each([
    'per_page=0',
    'per_page=101',
    'page=0',
    'role=owner',
    'active=maybe',
    'rol=admin',
    'search=%00',
  ])('is refused ?%s', async query => {
    const admin = await newUser('admin')
    expect((await admin.get(`/v1/users?${query}`)).status).toBe(422)
  })
})

test('preferences are any object of up to 16 KB, and nothing else', async () => {
  const user = await newUser()
  const put = (body: unknown) => user.send('PUT', `/v1/users/${user.id}/preferences`, patch(body))
  const kept = { theme: 'dark', nested: { list: [1, null, 'ü'] } }
  expect((await put(kept)).body.preferences).toEqual(kept)
  expect((await put({ text: 'x'.repeat(16_000) })).status).toBe(200)
  const notNul = { '\\u0000': ['\\\\u0000', '\\ud800'] }
  expect((await put(notNul)).body.preferences).toEqual(notNul)
  const unstorable = ['a\0b', '\ud800'].flatMap(text => [{ text }, { [text]: 1 }, { list: [{ text }] }])
  const bad = [{ text: 'x'.repeat(16_400) }, [1], 'text', null, ...unstorable]
  const statuses: number[] = []
  for (const preferences of bad) statuses.push((await put(preferences)).status)
  expect(statuses).toEqual(bad.map(() => 422))
})

test('who is disabled or demoted is signed out everywhere, at once', async () => {
  const admin = await newUser('admin')
  const user = await trove.register()
  await admin.send('PUT', `/v1/users/${user.id}/status`, patch({ active: false }))
  expect((await user.get('/v1/auth/me')).status).toBe(401)
  await admin.send('PUT', `/v1/users/${user.id}/status`, patch({ active: true }))
  expect((await user.get('/v1/auth/me')).status).toBe(401)
  const { body } = await trove.post('/v1/auth/login', { email: user.email, password: user.password })
  await admin.send('PATCH', `/v1/users/${user.id}`, patch({ role: 'superuser' }))
  const authorization = `Bearer ${body.access_token}`
  expect((await trove.get('/v1/auth/me', { authorization })).status).toBe(401)
})

describe('the audit log', () => {
  test('is one’s own; an admin reads another’s, and everybody’s, by action and time', async () => {
    const admin = await newUser('admin')
    const user = await newUser()
    await user.send('PATCH', '/v1/auth/me', patch({ full_name: 'Somebody' }))
    const own = await user.get('/v1/audit')
    expect(own.body.entries.map(({ action }: { action: string }) => action)).toEqual(['edit_profile'])
    for (const whose of [admin.id, 'all', crypto.randomUUID()]) {
      expect((await user.get(`/v1/audit?user_id=${whose}`)).status).toBe(403)
    }
    expect((await admin.get(`/v1/audit?user_id=${user.id}`)).body.entries).toEqual(own.body.entries)
    const { created_at } = own.body.entries[0]
    const count = async (query: string) =>
      (await admin.get(`/v1/audit?user_id=${user.id}&${query}`)).body.total
    expect(await count('action=edit_profile')).toBe(1)
    expect(await count('action=login')).toBe(0)
    expect(await count(`from=${created_at}`)).toBe(1)
    expect(await count(`to=${created_at}`)).toBe(0)
    expect((await admin.get('/v1/audit?user_id=all&limit=1')).body.total).toBeGreaterThan(5)
    expect((await admin.get('/v1/audit?from=yesterday')).status).toBe(422)
  })

  test('is read page by page within its filters', async () => {
    const admin = await newUser('admin')
    const user = await newUser()
    for (const name of ['a', 'b', 'c']) {
      await user.send('PATCH', '/v1/auth/me', patch({ full_name: name }))
      await user.send('PUT', `/v1/users/${user.id}/preferences`, patch({ name }))
    }
    const path = `/v1/audit?user_id=${user.id}&action=edit_profile&limit=2`
    const first = (await admin.get(path)).body
    const second = (await admin.get(`${path}&cursor=${first.next_cursor}`)).body
    const actions = [...first.entries, ...second.entries].map(({ action }: { action: string }) => action)
    expect([actions, second.total, second.next_cursor]).toEqual([Array(3).fill('edit_profile'), 3, null])
    const others = await admin.get(`/v1/audit?user_id=all&action=edit_profile&cursor=${first.next_cursor}`)
    expect([others.status, others.body.error_code]).toEqual([400, 'INVALID_CURSOR'])
  })
})
