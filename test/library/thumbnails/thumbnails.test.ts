import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { v7 as uuidv7 } from 'uuid'
import { notePeer } from '../../../src/ground/http/edge/client-address.ts'
import { startTrove, type Trove } from '../../support/app.ts'
import { type Listener, startHttp } from '../../support/fetch-rig.ts'
import { commentBomb, gifOf, hostilePictures, photo } from '../../support/pictures.ts'
import { settle } from '../../support/settle.ts'

/** path -> picture */
const pictures = new Map<string, Uint8Array>()
const asked: string[] = []
let host: Listener
let hanging: Listener[]
let hung = 0
let onHang = () => {}
let trove: Trove

beforeAll(async () => {
  host = await startHttp((request, response) => {
    asked.push(request.url!)
    const picture = pictures.get(request.url!)
    response.writeHead(picture ? 200 : 404, { 'content-type': 'image/jpeg' })
    response.end(picture)
  })
  hanging = await Promise.all(
    Array.from({ length: 20 }, () =>
      startHttp((request, response) => {
        if (request.url === '/good') return response.end(pictures.get('/photo.jpg'))
        hung++
        onHang()
      }),
    ),
  )
  const hosts = [host, ...hanging].map(({ port }) => `127.0.0.1:${port}`)
  trove = await startTrove({ FETCH_ALLOW_HOSTS: hosts.join(','), RATE_LIMIT_ENABLED: 'true' })
  pictures.set(
    '/photo.jpg',
    await photo({ width: 1280, height: 720 })
      .withExif({ IFD0: { Copyright: 'somebody' } })
      .jpeg()
      .toBuffer(),
  )
})
afterAll(async () => {
  await trove.stop()
  host.close()
  for (const each of hanging) each.close()
})

const at = (path: string, port = host.port) => `http://127.0.0.1:${port}${path}`

/** A content with this picture. @returns its `thumbnail_path` */
async function contentWith(thumbnail_url: string): Promise<string> {
  const id = uuidv7()
  await trove.database.sql`
    insert into shared_contents (id, url, url_hash, source_platform, external_id, attempt, status, thumbnail_url)
    values (${id}, ${`https://x.test/${id}`}, ${id}, 'web', ${id}, ${uuidv7()}, 'READY', ${thumbnail_url})`
  return `/v1/thumbnails/${id}/${createHash('md5').update(thumbnail_url).digest('hex')}`
}

async function get(path: string, headers: Record<string, string> = {}, from = '198.51.100.1') {
  const request = new Request(`http://localhost${path}`, { headers })
  notePeer(request, from)
  const response = await trove.handle(request)
  return { status: response.status, headers: response.headers, bytes: await response.bytes() }
}
const problemOf = ({ bytes }: { bytes: Uint8Array }) => JSON.parse(new TextDecoder().decode(bytes))
const timesAsked = (path: string) => asked.filter(each => each === path).length

test('a content names the address of its picture, wherever it is shown', async () => {
  const alice = await trove.register()
  const saved = await alice.post('/v1/items', { url: 'https://youtu.be/aaaaaaaaaaa' })
  const { save, content } = saved.body
  expect(content.thumbnail_path).toBeNull()
  const url = 'https://i.example/ä.jpg?a=1'
  const { sql } = trove.database
  await sql`
    update shared_contents
    set status = 'READY', thumbnail_url = ${url}
    where id = ${content.id}`
  await settle(sql)
  const path = `/v1/thumbnails/${content.id}/${createHash('md5').update(url).digest('hex')}`
  const item = await alice.get(`/v1/items/${save.id}`)
  expect(item.body.content).toMatchObject({ thumbnail_url: url, thumbnail_path: path })
  const list = await alice.get('/v1/items')
  expect(list.body.items[0].content.thumbnail_path).toBe(path)
})

test('the picture is answered small, as WebP, without metadata, for a browser to keep', async () => {
  const path = await contentWith(at('/photo.jpg'))
  for (const [query, width] of [
    ['?width=160', 160],
    ['', 320],
    ['?width=640', 640],
  ] as const) {
    const answer = await get(path + query)
    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/webp',
      'content-disposition': 'inline',
      'cache-control': 'private, max-age=604800, immutable',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      etag: expect.stringMatching(/^"[\da-f]{32}-\d{3}"$/),
    })
    const { format, exif, icc, ...size } = await sharp(answer.bytes).metadata()
    expect({ format, exif, icc }).toEqual({ format: 'webp', exif: undefined, icc: undefined })
    expect(size).toMatchObject({ width, height: (width * 9) / 16 })
    const again = await get(path + query, { 'if-none-match': answer.headers.get('etag')! })
    expect([again.status, again.bytes.length]).toEqual([304, 0])
    expect(again.headers.get('etag')).toBe(answer.headers.get('etag'))
  }
})

test('a picture that is small already stays as it is, and a tall one is no taller than twice its width', async () => {
  pictures.set('/small.png', await photo({ width: 90, height: 60 }).png().toBuffer())
  pictures.set('/tall.png', await photo({ width: 400, height: 4000 }).png().toBuffer())
  const small = await get(await contentWith(at('/small.png')))
  expect(await sharp(small.bytes).metadata()).toMatchObject({ width: 90, height: 60 })
  const tall = await get(await contentWith(at('/tall.png')))
  expect(await sharp(tall.bytes).metadata()).toMatchObject({ width: 64, height: 640 })
})

test('of what moves only the first frame is shown, and what a picture carries along is not read', async () => {
  pictures.set('/moving.gif', gifOf(10_000))
  pictures.set('/comment.png', commentBomb())
  for (const name of ['/moving.gif', '/comment.png']) {
    const { status, bytes } = await get(await contentWith(at(name)))
    expect(status).toBe(200)
    expect((await sharp(bytes, { animated: true }).metadata()).pages ?? 1).toBe(1)
    expect(bytes.length).toBeLessThan(1000)
  }
})

test('another id, another hash, and what is none of them is not found, and nothing is fetched', async () => {
  const path = await contentWith(at('/photo.jpg'))
  const other = await contentWith(at('/other.jpg'))
  const [, , , id, hash] = path.split('/')
  const before = asked.length
  for (const wrong of [
    `/v1/thumbnails/${uuidv7()}/${hash}`,
    `/v1/thumbnails/${id}/${other.split('/')[4]}`,
    `/v1/thumbnails/${id}/${hash!.toUpperCase()}`,
    `/v1/thumbnails/${id}/x%00y`,
    `/v1/thumbnails/%00/${hash}`,
    `/v1/thumbnails/nobody/${hash}`,
  ]) {
    const answer = await get(wrong)
    expect([wrong, answer.status, answer.headers.get('content-type')]).toEqual([
      wrong,
      404,
      'application/problem+json',
    ])
  }
  for (const width of ['1', '0', '-1', '641', 'x', '']) {
    const answer = await get(`${path}?width=${width}`)
    expect(answer.status).toBe(422)
    expect(problemOf(answer).field_errors[0]).toMatchObject({
      loc: ['query', 'width'],
      msg: 'must be 160, 320 or 640',
    })
  }
  expect(asked.length).toBe(before)
})

test('a picture is fetched once, however many ask at once, whichever width', async () => {
  pictures.set('/once.jpg', pictures.get('/photo.jpg')!)
  const path = await contentWith(at('/once.jpg'))
  const widths = [160, 320, 640]
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, i) => get(`${path}?width=${widths[i % 3]}`, {}, `198.51.100.${i % 7}`)),
  )
  expect(answers.map(({ status }) => status)).toEqual(Array(30).fill(200))
  for (const width of widths) expect((await get(`${path}?width=${width}`)).status).toBe(200)
  expect(timesAsked('/once.jpg')).toBe(1)
})

test('a page full of pictures of one host gets them all at once', async () => {
  const small = await photo({ width: 60, height: 40 }).jpeg().toBuffer()
  const paths: string[] = []
  for (let i = 0; i < 24; i++) {
    pictures.set(`/card${i}.jpg`, small)
    paths.push(await contentWith(at(`/card${i}.jpg`)))
  }
  const answers = await Promise.all(paths.map(path => get(path)))
  expect(answers.map(({ status }) => status)).toEqual(Array(24).fill(200))
})

test('what is no picture to be shown is not shown, and asked for again after an hour', async () => {
  const hostile = Object.entries({ ...(await hostilePictures()), 'a missing one': undefined })
  for (const [i, [what, picture]] of hostile.entries()) {
    const name = `/hostile${i}`
    if (picture) pictures.set(name, picture)
    const path = await contentWith(at(name))
    for (const width of [320, 640]) {
      const { status, headers } = await get(`${path}?width=${width}`)
      expect([what, status, headers.get('content-type')]).toEqual([what, 404, 'application/problem+json'])
    }
    expect([what, timesAsked(name)]).toEqual([what, 1])
  }
  pictures.set('/hostile0', pictures.get('/photo.jpg')!)
  const { sql } = trove.database
  const [first] = await sql<{ path: string }[]>`
    select '/v1/thumbnails/' || content_id || '/' || hash as path
    from thumbnails
    where bytes is null
    order by content_id
    limit 1`
  expect((await get(first!.path)).status).toBe(404)
  await sql`update thumbnails set created_at = now() - interval '61 minutes' where bytes is null`
  expect((await get(first!.path)).status).toBe(200)
})

test('addresses that are not the web’s are not asked', async () => {
  for (const url of [
    'http://169.254.169.254/latest',
    'http://127.0.0.1:1/',
    'file:///etc/passwd',
    'data:,x',
  ]) {
    expect((await get(await contentWith(url))).status).toBe(404)
  }
})

test('pictures that hang hold up neither those of others, on the same hosts, nor for long one’s own', async () => {
  const paths = await Promise.all(
    Array.from({ length: 40 }, (_, i) => contentWith(at(`/hang${i}`, hanging[i % 20]!.port))),
  )
  const good = await contentWith(at('/good', hanging[19]!.port))
  const mine = await contentWith(at('/once.jpg'))
  const all16 = new Promise<void>(resolve => {
    onHang = () => hung >= 16 && resolve()
  })
  const ended: number[] = []
  const slow = paths.map(path =>
    get(path, {}, '203.0.113.9').then(({ status }) => {
      ended.push(status)
    }),
  )
  await all16
  expect(hung).toBe(16)
  // Another network's; then the same network's own, which comes as soon as one of the others is given up.
  expect((await get(good, {}, '198.51.100.77')).status).toBe(200)
  expect(ended).toEqual([])
  expect((await get(mine, {}, '203.0.113.9')).status).toBe(200)
  await Promise.all(slow)
  // Those that were tried, and those that would have waited too long.
  expect(new Set(ended)).toEqual(new Set([404, 504]))
}, 30_000)

test('with its content a picture goes', async () => {
  const path = await contentWith(at('/photo.jpg'))
  expect((await get(path)).status).toBe(200)
  const { sql } = trove.database
  const id = path.split('/')[3]!
  const rows = () => sql`select from thumbnails where content_id = ${id}`
  expect(await rows()).toHaveLength(3)
  await sql`delete from shared_contents where id = ${id}`
  expect(await rows()).toHaveLength(0)
  expect((await get(path)).status).toBe(404)
})

test('a network has its limit, and says so', async () => {
  const answer = await get(await contentWith(at('/photo.jpg')), {}, '198.51.100.200')
  expect(answer.headers.get('ratelimit-policy')).toBe('"thumbnails";q=600;w=60')
})
