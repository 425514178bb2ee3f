// A forgotten password: a link that counts once, by mail or from an admin.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import sendMailHandler from '#jobs/send-mail'
import { insertSession, noteSignIn } from '../../src/accounts/sessions/store.ts'
import { guesses } from '../../src/accounts/sign-in/guesses.ts'
import { isKnownNetwork } from '../../src/accounts/store.ts'
import { createApp } from '../../src/app.ts'
import { notePeer } from '../../src/ground/http/edge/client-address.ts'
import { DEAD_LETTER } from '../../src/ground/queue/queue.ts'
import { type MailServer, startMailServer } from '../simulators/smtp.ts'
import { type Answer, type Client, clientOf, startTrove, type Trove, type User } from '../support/app.ts'
import { usesRealPostgres } from '../support/database.ts'
import { untilLocked } from '../support/locks.ts'
import { addUser, signToken } from '../support/token.ts'

const NEW = 'seven purple lanterns drift'
const AWAY = '198.51.100.77'
const PUBLIC_URL = 'https://trove.example.com'
const LINK = /https:\/\/trove\.example\.com\/library#reset=(trx_[\w-]{64})(?![\w-])/

let mails: MailServer
/** Sends mail. */
let trove: Trove
/** The same server without mail. */
let mailless: Client
let closeMailless: () => Promise<void>
beforeAll(async () => {
  mails = await startMailServer()
  trove = await startTrove({ MAIL_URL: mails.url, PUBLIC_URL })
  const { MAIL_URL: _, PUBLIC_URL: __, ...config } = trove.context.config
  const { app, close } = createApp({ ...trove.context, config: config as never })
  mailless = clientOf(request => app.handle(request))
  closeMailless = close
})
afterAll(async () => {
  await closeMailless()
  await trove.stop()
  await mails.close()
})

const ask = (email: string, headers = {}) => trove.post('/v1/auth/password/reset/request', { email }, headers)
const confirm = (token: string, new_password = NEW, client: Client = trove) =>
  client.post('/v1/auth/password/reset/confirm', { token, new_password })
const logIn = (email: string, password: string) => trove.post('/v1/auth/login', { email, password })
/** A request that comes from this address. */
function from(address: string, request = new Request('http://localhost')): Request {
  notePeer(request, address)
  return request
}
const codeOf = ({ status, body }: Answer) => [status, body?.error_code]

/** Does what the queue would: sends the mail that is asked for. */
async function mailTo(userId: string): Promise<void> {
  const outcomes = await sendMailHandler.run([{ mail: 'password_reset', user_id: userId }], trove.context)
  for (const outcome of outcomes) if (outcome instanceof Error) throw outcome
}

async function tokenFor(user: { id: string; email: string }): Promise<string> {
  await mailTo(user.id)
  const mail = mails.received.findLast(({ to }) => to[0] === user.email)!
  return LINK.exec(mail.text)![1]!
}

const jobs = () =>
  trove.database.sql<{ id: string; data: object; state: string }[]>`
    select id, data, state from pgboss.job where name = 'send-mail' order by created_on`

describe('asking for a link', () => {
  test('is answered alike, and does the same work, whether or not there is an account', async () => {
    const user = await addUser(trove.database.sql, trove.context.config.JWT_SECRET_KEY!)
    const answers = [await ask(user.email), await ask('nobody@example.com')]
    for (const { status, body } of answers) expect([status, body]).toEqual([202, answers[0]!.body])
    const payloads = (await jobs()).map(({ data }) => data)
    expect(payloads).toEqual(
      Array(2).fill({
        mail: 'password_reset',
        user_id: expect.any(String),
        cause: expect.anything(),
      }),
    )
    expect(payloads.filter(data => (data as { user_id: string }).user_id === user.id).length).toBe(1)
    const entries = await trove.database.sql<{ user_id: string }[]>`
      select user_id from audit_entries where action = 'request_password_reset'`
    expect(entries.map(({ user_id }) => user_id === user.id).toSorted()).toEqual([false, true])
  })

  test('is counted for an email, in each of its spellings, from wherever it comes', async () => {
    const config = { ...trove.context.config, RATE_LIMIT_ENABLED: true }
    const { app, close } = createApp({ ...trove.context, config })
    const client = clientOf(request => app.handle(request))
    const statuses: number[] = []
    for (const email of [
      'eve@example.com',
      ' EVE@example.com',
      'Eve@Example.com',
      'eve@example.com',
      'other@example.com',
    ]) {
      statuses.push((await client.post('/v1/auth/password/reset/request', { email })).status)
    }
    await close()
    expect(statuses).toEqual([202, 202, 202, 429, 202])
    const keys = await trove.database.sql<{ key: string }[]>`select key from rate_limits`
    expect(keys.filter(({ key }) => key.startsWith('password_resets:')).length).toBe(2)
    expect(keys.filter(({ key }) => key.includes('eve'))).toEqual([])
  })

  test('where no mail is sent says so, and makes nothing', async () => {
    const before = (await jobs()).length
    const { status, body } = await mailless.post('/v1/auth/password/reset/request', {
      email: 'a@example.com',
    })
    expect([status, body.message]).toEqual([202, expect.stringContaining('sends no mail')])
    expect((await jobs()).length).toBe(before)
  })
})

describe('the mail', () => {
  test('has a link to PUBLIC_URL, whatever host the request named, and goes to its user alone', async () => {
    const user = await trove.register()
    await ask(user.email, { host: 'evil.example.net', 'x-forwarded-host': 'evil.example.net' })
    await mailTo(user.id)
    const mail = mails.received.at(-1)!
    expect(mail.to).toEqual([user.email])
    expect(mail.text.match(new RegExp(LINK, 'g'))?.length).toBe(3)
    expect(mail.text).toContain('From: Trove <trove@trove.example.com>')
    expect(mail.text).toContain('Auto-Submitted: auto-generated')
    expect(mail.text).not.toContain('evil')
  })

  test('is none for nobody, and none for who was removed', async () => {
    const before = mails.asked
    const user = await trove.register()
    await trove.database.sql`update users set deleted_at = now() where id = ${user.id}`
    for (const id of [user.id, crypto.randomUUID()]) await mailTo(id)
    expect(mails.asked).toBe(before)
  })

  test('leaves no secret in the queue, the audit log or the log; of the link a hash is kept', async () => {
    const user = await trove.register()
    await ask(user.email)
    const token = await tokenFor(user)
    const [kept] = await trove.database.sql`
      select token_hash, expires_at > now() + interval '59 minutes' as is_long, expires_at > now() + interval '1 hour' as is_longer
      from password_resets
      where user_id = ${user.id}`
    const token_hash = createHash('sha256').update(token).digest('base64url')
    expect(kept).toEqual({ token_hash, is_long: true, is_longer: false })
    await confirm(token)
    const [{ text }] = await trove.database.sql<[{ text: string }]>`
      select concat(
        (select string_agg(to_jsonb(j)::text, '') from pgboss.job j),
        (select string_agg(to_jsonb(a)::text, '') from audit_entries a)
      ) as text`
    for (const secret of [token, token.slice(30), NEW, mails.password]) {
      expect([text.includes(secret), trove.logs.some(line => line.includes(secret))]).toEqual([false, false])
    }
  })
})

describe('a link', () => {
  test('sets the password, once; all that was signed in ends, and who comes from there is known', async () => {
    const user = await trove.register()
    const unnamed = signToken(trove.context.config.JWT_SECRET_KEY!, user)
    await trove.database.sql`update users set must_change_password = true where id = ${user.id}`
    const token = await tokenFor(user)
    const pair = guesses(trove.context).pairOf(from(AWAY), user.email)
    expect(await isKnownNetwork(trove.database.sql, pair)).toBe(false)
    const away = clientOf(request => trove.handle(from(AWAY, request)))
    expect((await confirm(token, NEW, away)).status).toBe(204)
    expect(await isKnownNetwork(trove.database.sql, pair)).toBe(true)
    for (const old of [user.token, unnamed]) {
      expect((await trove.get('/v1/auth/me', { authorization: `Bearer ${old}` })).status).toBe(401)
    }
    expect((await logIn(user.email, user.password)).status).toBe(401)
    const { status, body } = await logIn(user.email, NEW)
    expect([status, body.user.must_change_password]).toEqual([200, false])
    expect(codeOf(await confirm(token, `${NEW} again`))).toEqual([400, 'INVALID_RESET_TOKEN'])
    const rows = await trove.database.sql`
      select details from audit_entries where user_id = ${user.id} and action = 'reset_password'`
    expect([...rows]).toEqual([{ details: {} }])
  })

  // Two sessions of the database: one waits for the other.
  test.skipIf(!usesRealPostgres)('ends a session, too, that is begun at the same moment', async () => {
    const user = await trove.register()
    const token = await tokenFor(user)
    let confirming: Promise<Answer> | undefined
    await trove.database.sql.begin(async tx => {
      await noteSignIn(tx, user.id)
      const session = { user_id: user.id, id: crypto.randomUUID(), remembers: false }
      await insertSession(tx, { ...session, ip_address: null, user_agent: null }, 7)
      confirming = confirm(token)
      await untilLocked(trove.database.direct, 'set tokens_from')
    })
    expect((await confirming!).status).toBe(204)
    const left = await trove.database.sql`select id from sessions where user_id = ${user.id}`
    expect([...left]).toEqual([])
  })

  test('is used by one of many who come at once', async () => {
    const user = await trove.register()
    const token = await tokenFor(user)
    const passwords = Array.from({ length: 6 }, (_, i) => `${NEW} number ${i}`)
    const answers = await Promise.all(passwords.map(password => confirm(token, password)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 400, 400, 400, 400, 400])
    const winner = passwords[answers.findIndex(({ status }) => status === 204)]!
    expect((await logIn(user.email, winner)).status).toBe(200)
  })

  test('counts no more after an hour, when there is a newer one, or when it was changed', async () => {
    const [user, other] = [await trove.register(), await trove.register()]
    const first = await tokenFor(user)
    const second = await tokenFor(user)
    const others = await tokenFor(other)
    const swapped = second.slice(0, 26) + others.slice(26)
    for (const token of [first, swapped, second.slice(0, -1), `${second}A`, 'trx_', '', 'nonsense']) {
      expect(codeOf(await confirm(token))).toEqual([400, 'INVALID_RESET_TOKEN'])
    }
    const late = (by: string) => trove.database.sql`
      update password_resets set expires_at = expires_at - ${by}::interval where user_id = ${user.id}`
    await late('61 minutes')
    expect(codeOf(await confirm(second))).toEqual([400, 'INVALID_RESET_TOKEN'])
    await late('-2 minutes')
    expect((await confirm(second)).status).toBe(204)
    expect((await logIn(other.email, other.password)).status).toBe(200)
  })

  test('sets no password that is easy to guess, and still counts after that', async () => {
    const user = await trove.register()
    const token = await tokenFor(user)
    for (const weak of ['password1', user.email]) {
      const { status, body } = await confirm(token, weak)
      expect([status, body.field_errors[0].loc, body.field_errors[0].type]).toEqual([
        422,
        ['body', 'new_password'],
        'password_strength',
      ])
    }
    expect((await confirm(token)).status).toBe(204)
  })
})

describe('a mail server', () => {
  const run = async (user: User, context = trove.context) =>
    (await sendMailHandler.run([{ mail: 'password_reset', user_id: user.id }], context))[0]
  /** Asks for a link, and waits until the job of its mail has ended. @returns its state, and why */
  async function untilEnded(user: User): Promise<{ state: string; reason: string | null }> {
    for (;;) {
      const [job] = await trove.database.sql<{ state: string; reason: string | null }[]>`
        select state, output ->> 'message' as reason
        from pgboss.job
        where name = 'send-mail' and data ->> 'user_id' = ${user.id} and state in ('completed', 'failed')`
      if (job) return job
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }
  const deadLettersOf = (user: User) =>
    trove.database.sql`
      select id from pgboss.job where name = ${DEAD_LETTER} and data ->> 'user_id' = ${user.id}`

  test.each([450, 'hang'] as const)(
    'that answers with %p is asked again, with another link',
    async answer => {
      const user = await trove.register()
      mails.answer = answer
      const failed = await run(user)
      mails.answer = 'take'
      expect(failed).toMatchObject({ name: 'MailNotSent', is_final: false })
      const [before] = await trove.database.sql`
      select token_hash from password_resets where user_id = ${user.id}`
      const token = await tokenFor(user)
      expect(createHash('sha256').update(token).digest('base64url')).not.toBe(before!.token_hash)
      expect((await confirm(token)).status).toBe(204)
    },
  )

  test('that does not get well leaves a dead letter, without what it said', async () => {
    const user = await trove.register()
    mails.answer = 450
    await ask(user.email)
    const { id } = (await jobs()).at(-1)!
    await trove.database.sql`
      update pgboss.job set state = 'retry', retry_count = retry_limit where name = 'send-mail' and id = ${id}`
    await trove.work()
    expect(await untilEnded(user)).toEqual({
      state: 'failed',
      reason: 'The mail server did not take a mail: EENVELOPE RCPT TO 450',
    })
    mails.answer = 'take'
    expect((await deadLettersOf(user)).length).toBe(1)
    expect(trove.logs.filter(line => line.includes('no such thing'))).toEqual([])
  })

  test('that knows no such mailbox is not asked again, and that is nobody’s alarm', async () => {
    const user = await trove.register()
    mails.answer = 550
    const before = mails.asked
    await ask(user.email)
    expect((await untilEnded(user)).state).toBe('completed')
    mails.answer = 'take'
    expect([mails.asked - before, (await deadLettersOf(user)).length]).toEqual([1, 0])
    expect(trove.logs.filter(line => line.includes(user.email))).toEqual([])
  })

  test('that refuses for good leaves a dead letter at once', async () => {
    const user = await trove.register()
    mails.answer = 554
    await ask(user.email)
    expect(await untilEnded(user)).toEqual({
      state: 'failed',
      reason: 'The mail server did not take a mail: EENVELOPE MAIL FROM 554',
    })
    mails.answer = 'take'
    expect((await deadLettersOf(user)).length).toBe(1)
  })

  test('that does not let us in is told by its code alone', async () => {
    const user = await trove.register()
    const url = mails.url.replace(mails.password, 'wrong-password')
    const failed = await run(user, { ...trove.context, config: { ...trove.context.config, MAIL_URL: url } })
    expect(failed).toMatchObject({
      message: 'The mail server did not take a mail: EAUTH AUTH PLAIN 535',
      is_final: true,
    })
  })
})

describe('an admin’s link', () => {
  const reset = (by: User, id: string, client: Client = mailless) =>
    client.post(`/v1/users/${id}/password-reset`, undefined, { authorization: `Bearer ${by.token}` })
  async function userAs(role: string): Promise<User> {
    const user = await trove.register()
    await trove.database.sql`update users set role = ${role} where id = ${user.id}`
    return user
  }

  test('is shown once where no mail is sent, and works', async () => {
    const [admin, user] = [await userAs('admin'), await trove.register()]
    const { status, body } = await reset(admin, user.id)
    expect([status, body]).toEqual([
      200,
      {
        reset_url: expect.stringMatching(/^http:\/\/localhost\/library#reset=trx_[\w-]{64}$/),
        expires_at: expect.any(String),
      },
    ])
    // Until it is used, nothing has changed.
    expect((await user.get('/v1/auth/me')).status).toBe(200)
    expect((await confirm(body.reset_url.split('=')[1], NEW, mailless)).status).toBe(204)
    expect((await logIn(user.email, NEW)).status).toBe(200)
    const [entry] = await trove.database.sql`
      select user_id, resource_id, details from audit_entries where action = 'user_password_reset'`
    expect(entry).toEqual({ user_id: admin.id, resource_id: user.id, details: {} })
  })

  test('is mailed where mail is sent, and not shown', async () => {
    const [admin, user] = [await userAs('admin'), await trove.register()]
    const { status, body } = await reset(admin, user.id, trove)
    expect([status, body]).toEqual([200, { reset_url: null, expires_at: null }])
    while (!mails.received.some(({ to }) => to[0] === user.email)) {
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  })

  test('is for whom a role reaches', async () => {
    const [normal, superuser, admin] = [
      await userAs('normal'),
      await userAs('superuser'),
      await userAs('admin'),
    ]
    const other = {
      normal: await userAs('normal'),
      superuser: await userAs('superuser'),
      admin: await userAs('admin'),
    }
    const nobody = crypto.randomUUID()
    const asked: [User, string][] = [normal, superuser, admin].flatMap(by =>
      [other.normal.id, other.superuser.id, other.admin.id, nobody].map((id): [User, string] => [by, id]),
    )
    const answers = await Promise.all(asked.map(([by, id]) => reset(by, id)))
    expect(answers.map(({ status }) => status)).toEqual([
      ...[403, 403, 403, 403],
      ...[200, 403, 403, 403],
      ...[200, 200, 200, 404],
    ])
    expect(answers[5]!.body.detail).toBe('Insufficient permissions to update this user')
  })
})
