// Requests that programs sign (RFC 9421), and digests of their bodies (RFC 9530).
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import sweepAccounts from '../../jobs/sweep-accounts.ts'
import { isDigestOf } from '../../src/accounts/clients/content-digest.ts'
import { readSignature } from '../../src/accounts/clients/signature.ts'
import { dropOldNonces } from '../../src/accounts/clients/store.ts'
import { createApp } from '../../src/app.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { addClient, digestOf, type Program, type Signing, signedRequest } from '../support/programs.ts'
import { openSecond } from '../support/second-process.ts'

let trove: Trove
let user: User
let program: Program
beforeAll(async () => {
  trove = await startTrove()
  user = await trove.register()
  program = await addClient(trove.context, user.id, { require_signature: true })
})
afterAll(() => trove.stop())

const ITEMS = 'http://localhost/v1/items'
const LINK = '{"url":"https://www.youtube.com/watch?v=eeeeeeeeeee"}'
const EVERYTHING = ['@method', '@path', '@query', 'content-digest']
let video = 0
/** A link that nobody has saved. */
const newLink = () => JSON.stringify({ url: `https://youtu.be/${String(++video).padStart(11, 's')}` })

const get = (more: Signing = {}, url = ITEMS, by = program) => signedRequest(by, 'GET', url, undefined, more)
const post = (body: string, more: Signing = {}, url = ITEMS) =>
  signedRequest(program, 'POST', url, body, more)
/** The same signature on another request. */
const changed = ({ headers }: Request, method: string, url: string, body?: string) =>
  new Request(url, { method, headers, ...(body === undefined ? {} : { body }) })
const withHeader = (request: Request, name: string, value: string | undefined) => {
  const headers = new Headers(request.headers)
  if (value === undefined) headers.delete(name)
  else headers.set(name, value)
  return new Request(request, { headers })
}
const again = (request: Request) => new Request(request)
const answerOf = async (request: Request) => {
  const response = await trove.handle(request)
  const text = await response.text()
  return { status: response.status, body: text ? JSON.parse(text) : undefined }
}
const statusOf = async (request: Request) => (await answerOf(request)).status
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000)

describe('the request of RFC 9421, appendix B.2', () => {
  // B.1.5
  const secret = Buffer.from(
    'uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==',
    'base64',
  )
  const BODY = '{"hello": "world"}'
  const DIGEST =
    'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:'
  const request = (input: string, signature: string, date = 'Tue, 20 Apr 2021 02:07:55 GMT') =>
    new Request('http://example.com/foo?param=Value&Pet=dog', {
      method: 'POST',
      headers: {
        date,
        'content-type': 'application/json',
        'content-digest': DIGEST,
        'content-length': '18',
        'signature-input': input,
        signature,
      },
      body: BODY,
    })
  // B.2.5
  const INPUT = 'sig-b25=("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"'
  const SIGNATURE = 'sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:'

  test('is signed as hmac-sha256 has it (B.2.5)', async () => {
    let keyid: unknown
    const covered = await readSignature(request(INPUT, SIGNATURE), async params => {
      keyid = params.keyid
      return ['another secret', secret]
    })
    expect([...covered!]).toEqual(['"date"', '"@authority"', '"content-type"'])
    expect(keyid).toBe('test-shared-secret')
  })

  test('is refused with another secret, another header, or another signature', async () => {
    const read = (of: Request, secrets: (string | Uint8Array)[] | undefined = [secret]) =>
      readSignature(of, async () => secrets)
    const refused = await Promise.all([
      read(request(INPUT, SIGNATURE), ['another secret']),
      read(request(INPUT, SIGNATURE), []),
      readSignature(request(INPUT, SIGNATURE), async () => undefined),
      read(request(INPUT, SIGNATURE, 'Tue, 20 Apr 2021 02:07:56 GMT')),
      read(request(INPUT.replace('1618884473', '1618884474'), SIGNATURE)),
      read(request(INPUT, SIGNATURE.replace('pxc', 'pxd'))),
      read(request(INPUT, SIGNATURE.replace('sig-b25', 'sig-b26'))),
      // Whose request it is must be plain: neither two that are good, nor one of a proxy beside it.
      read(
        request(
          `${INPUT}, ${INPUT.replace('sig-b25', 'b')}`,
          `${SIGNATURE}, ${SIGNATURE.replace('sig-b25', 'b')}`,
        ),
      ),
      read(request(`other=("date");keyid="x", ${INPUT}`, `other=:AAAA:, ${SIGNATURE}`)),
      read(request('sig-b25=5', SIGNATURE)),
      read(request('', SIGNATURE)),
      read(request(INPUT, '')),
      read(request(`${INPUT};x="${'x'.repeat(4096)}"`, SIGNATURE)),
    ])
    expect(refused.filter(Boolean)).toEqual([])
  })

  test('passes on that its secret could not be looked up', async () => {
    const away = readSignature(request(INPUT, SIGNATURE), async () => {
      throw new Error('The database is away')
    })
    expect(away).rejects.toThrow('The database is away')
  })

  test('has the digest of its body (RFC 9530)', () => {
    const bytes = Buffer.from(BODY)
    const sha256 = digestOf(BODY)
    const good = [DIGEST, sha256, `${DIGEST}, ${sha256}`, `unixsum=:AAAA:, ${sha256}`]
    const bad = [
      '',
      'unixsum=:AAAA:',
      sha256.replace('=:', '=:A'),
      sha256.replaceAll(':', ''),
      `${DIGEST}, sha-256=:AAAA:`,
      `${sha256}, nonsense`,
      sha256.replace('sha-256', 'sha-512'),
      sha256.replace('sha-256', 'constructor'),
    ]
    expect(good.map(header => isDigestOf(header, bytes))).toEqual(good.map(() => true))
    expect(bad.map(header => isDigestOf(header, bytes))).toEqual(bad.map(() => false))
  })
})

describe('a signed request', () => {
  test('is let in as the user of its program', async () => {
    const me = await answerOf(await get({}, 'http://localhost/v1/auth/me'))
    expect([me.status, me.body.id, me.body.permissions]).toEqual([200, user.id, ['read', 'write']])
    expect(await statusOf(await get({ alg: 'hmac-sha256', expires: ago(-60) }))).toBe(200)
    expect(await statusOf(await get({}, `${ITEMS}?limit=2&status=all`))).toBe(200)
    expect(await statusOf(await signedRequest(program, 'HEAD', ITEMS))).toBe(200)
    expect(await statusOf(await get({ created: ago(290) }))).toBe(200)
    expect(await statusOf(await get({ created: ago(-290) }))).toBe(200)
  })

  test('has a body that is read once, and is whole', async () => {
    const spaced = `  ${newLink()}\n`
    const saved = await answerOf(await post(spaced))
    expect(saved.status).toBe(201)
    const largest = JSON.stringify({ items: Array.from({ length: 100 }, () => JSON.parse(newLink())) })
    const batch = await answerOf(
      await post(largest, { digest: digestOf(largest, 'sha-512') }, `${ITEMS}/batch`),
    )
    expect([batch.status, batch.body.results.length]).toEqual([200, 100])
    // In pieces, of a length that is not announced.
    const body = newLink()
    const { headers } = await post(body)
    const pieces = new ReadableStream({
      start(controller) {
        for (const piece of [body.slice(0, 5), body.slice(5)]) controller.enqueue(Buffer.from(piece))
        controller.close()
      },
    })
    expect(await statusOf(new Request(ITEMS, { method: 'POST', headers, body: pieces }))).toBe(201)
  })

  test('has no body where it sends none', async () => {
    const saved = await answerOf(await post(newLink()))
    const url = `${ITEMS}/${saved.body.save.id}`
    expect(await statusOf(await signedRequest(program, 'DELETE', url))).toBe(204)
    const empty = await post('', { fields: EVERYTHING })
    expect((await answerOf(empty)).body.error_code).not.toBe('UNAUTHORIZED')
  })

  test('signs the path that it sends, also under /api', async () => {
    const alias = 'http://localhost/api/v1/items'
    expect(await statusOf(await get({}, alias))).toBe(200)
    expect(await statusOf(changed(await get(), 'GET', alias))).toBe(401)
    expect(await statusOf(changed(await get({}, alias), 'GET', ITEMS))).toBe(401)
  })

  test('is refused by what is wrong with its body as any other, once it is known who asks', async () => {
    const large = `{"url":"${'x'.repeat(70_000)}"}`
    const codes = await Promise.all(
      [
        await post(large),
        withHeader(await post(large), 'signature', 'sig=:AAAA:'),
        await post('{"url"'),
        withHeader(await post(LINK), 'content-type', 'text/plain'),
        await post('{"link":1}'),
      ].map(async request => (await answerOf(request)).body.error_code),
    )
    expect(codes).toEqual([
      'BODY_TOO_LARGE',
      'UNAUTHORIZED',
      'MALFORMED_BODY',
      'UNSUPPORTED_MEDIA_TYPE',
      'VALIDATION_ERROR',
    ])
  })

  test('is refused alike whatever is changed, missing, old or not its own', async () => {
    const other = await addClient(trove.context, user.id)
    const ended = async (end: (id: string, userId: string) => Promise<unknown>) => {
      const owner = await trove.register()
      const client = await addClient(trove.context, owner.id)
      expect(await statusOf(await get({}, ITEMS, client))).toBe(200)
      await end(client.client_id, owner.id)
      return get({}, ITEMS, client)
    }
    const { sql } = trove.database
    const used = await get({ nonce: 'used' })
    const twice = withHeader(await get({ nonce: 'used' }), 'x', 'y')
    expect(await statusOf(used)).toBe(200)
    const good = await post(newLink())
    const refused: Record<string, Request> = {
      'another method': changed(await get(), 'POST', ITEMS),
      'another path': changed(await get(), 'GET', 'http://localhost/v1/jobs'),
      'another query': changed(await get({}, `${ITEMS}?limit=1`), 'GET', `${ITEMS}?limit=2`),
      'a query where none was signed': changed(await get(), 'GET', `${ITEMS}?limit=2`),
      'no query where one was signed': changed(await get({}, `${ITEMS}?limit=1`), 'GET', ITEMS),
      'another body': changed(good, 'POST', ITEMS, newLink()),
      'another body and its digest': withHeader(
        changed(good, 'POST', ITEMS, LINK),
        'content-digest',
        digestOf(LINK),
      ),
      'no body where one was signed': changed(good, 'POST', ITEMS),
      'a body where none was signed': changed(
        await signedRequest(program, 'POST', ITEMS),
        'POST',
        ITEMS,
        LINK,
      ),
      'a digest that is not covered': await post(newLink(), { fields: ['@method', '@path', '@query'] }),
      'a digest that is covered in part': await post(newLink(), {
        fields: ['@method', '@path', '@query', '"content-digest";key="sha-256"'],
      }),
      'no digest': withHeader(await post(newLink()), 'content-digest', undefined),
      'a digest of no known kind': await post(newLink(), { digest: 'unixsum=:AAAA:' }),
      'made more than five minutes ago': await get({ created: ago(400) }),
      'made in more than five minutes': await get({ created: ago(-400) }),
      expired: await get({ expires: ago(1) }),
      'no time': await get({ params: ['keyid', 'nonce'] }),
      'no nonce': await get({ params: ['created', 'keyid'] }),
      'a nonce that is too long': await get({ nonce: 'x'.repeat(201) }),
      'no keyid': await get({ params: ['created', 'nonce'] }),
      'a nonce that was used': twice,
      'the very request again': again(used),
      'another algorithm': await get({ alg: 'ed25519' }),
      'no method': await get({ fields: ['@path', '@query'] }),
      'no path': await get({ fields: ['@method', '@query'] }),
      'no query': await get({ fields: ['@method', '@path'] }),
      'a component twice': await get({ fields: ['@method', '@path', '@query', '@path'] }),
      'an unknown keyid': await get({ keyid: crypto.randomUUID() }),
      'a keyid that is none': await get({ keyid: 'program' }),
      'the secret of another program': await get({}, ITEMS, {
        ...other,
        client_id: program.client_id,
      }),
      'the keyid of another program': await get({ keyid: other.client_id }),
      'the key of another program beside it': withHeader(await get(), 'x-api-key', other.api_key),
      'another signature': withHeader(
        await get(),
        'signature',
        `sig=:${Buffer.alloc(32).toString('base64')}:`,
      ),
      'no signature': withHeader(await get(), 'signature', undefined),
      'no input': withHeader(await get(), 'signature-input', undefined),
      'the key alone': new Request(ITEMS, { headers: { 'x-api-key': program.api_key } }),
      'a client that has ended': await ended(
        id => sql`update api_clients set expires_at = now() where id = ${id}`,
      ),
      'a client that is disabled': await ended(
        id => sql`update api_clients set is_active = false where id = ${id}`,
      ),
      'a user who is disabled': await ended(
        (_, id) => sql`update users set is_active = false where id = ${id}`,
      ),
      'a user in the trash': await ended(
        (_, id) => sql`update users set deleted_at = now() where id = ${id}`,
      ),
      'a user who is gone': await ended((_, id) => sql`delete from users where id = ${id}`),
    }
    const answers = await Promise.all(
      Object.entries(refused).map(async ([name, request]) => {
        const { status, body } = await answerOf(request)
        return [name, status, body?.detail]
      }),
    )
    expect(answers).toEqual(Object.keys(refused).map(name => [name, 401, 'Could not validate credentials']))
  })

  test('is let in with the key of its own program beside it', async () => {
    expect(await statusOf(withHeader(await get(), 'x-api-key', program.api_key))).toBe(200)
  })

  test('counts once, of many at once and in all processes', async () => {
    const second = await openSecond(trove)
    const { app, close } = createApp(second.context)
    const signed = await get()
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, i) =>
        i % 2 === 0 ? statusOf(again(signed)) : (await app.handle(again(signed))).status,
      ),
    )
    expect(answers.sort()).toEqual([200, ...Array(19).fill(401)])
    expect((await app.handle(again(signed))).status).toBe(401)
    await close()
    await second.close()
  })

  test('that is wrong uses its nonce up for nobody, and one program’s nonce is not another’s', async () => {
    const body = newLink()
    const nonce = 'once'
    const right = await post(body, { nonce })
    const wrong = [
      changed(right, 'POST', ITEMS, LINK),
      changed(right, 'POST', `${ITEMS}/batch`, body),
      withHeader(await post(body, { nonce }), 'signature', 'sig=:AAAA:'),
    ]
    expect(await Promise.all(wrong.map(statusOf))).toEqual([401, 401, 401])
    const other = await addClient(trove.context, user.id)
    expect(await statusOf(await get({ nonce }, ITEMS, other))).toBe(200)
    expect(await statusOf(changed(right, 'POST', ITEMS, body))).toBe(201)
    expect(await statusOf(changed(right, 'POST', ITEMS, body))).toBe(401)
  })

  test('that is wrong is not counted against the user', async () => {
    const config = { ...trove.context.config, RATE_LIMIT_ENABLED: true }
    const { app, close } = createApp({ ...trove.context, config })
    const limitOf = async (request: Request) =>
      (await app.handle(request)).headers.get('x-ratelimit-remaining')
    const url = 'http://localhost/v1/jobs'
    const first = Number(await limitOf(await get({}, url)))
    for (let i = 0; i < 3; i++) {
      expect(await limitOf(withHeader(await get({}, url), 'signature', 'sig=:AAAA:'))).toBeNull()
    }
    expect(Number(await limitOf(await get({}, url)))).toBe(first - 1)
    await close()
  })
})

test('nonces are dropped once no signature of theirs could count, and no earlier', async () => {
  const { sql } = trove.database
  await sql`delete from used_nonces`
  for (const nonce of ['a', 'b', 'c']) await statusOf(await get({ nonce }))
  await sql`update used_nonces set created_at = created_at - interval '10 minutes'`
  expect(await dropOldNonces(sql, 10)).toBe(0)
  await sql`update used_nonces set created_at = created_at - interval '2 minutes'`
  expect([await dropOldNonces(sql, 2), await dropOldNonces(sql, 2), await dropOldNonces(sql, 2)]).toEqual([
    2, 1, 0,
  ])
  await statusOf(await get({ nonce: 'd' }))
  await sql`update used_nonces set created_at = created_at - interval '12 minutes'`
  await sweepAccounts.run([{}], trove.context)
  expect(await sql`select nonce_hash from used_nonces`).toHaveLength(0)
})
