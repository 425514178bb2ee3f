// Pictures made small on this runtime: the decoder and its process, asked by way of the whole product.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import sharp from 'sharp'
import { v7 as uuidv7 } from 'uuid'
import { BadPicture, createShrinker } from '../../src/library/thumbnails/shrink-picture.ts'
import { startTrove, type Trove } from '../support/app.ts'
import { type Listener, startHttp } from '../support/fetch-rig.ts'
import { hostilePictures, photo } from '../support/pictures.ts'

describe('thumbnails', () => {
  const pictures = new Map<string, Uint8Array>()
  let host: Listener
  let trove: Trove
  before(async () => {
    host = await startHttp((request, response) => {
      response.end(pictures.get(request.url!))
    })
    trove = await startTrove({ FETCH_ALLOW_HOSTS: `127.0.0.1:${host.port}` })
  })
  after(async () => {
    await trove.stop()
    host.close()
  })

  async function ask(picture: Uint8Array): Promise<Response> {
    const id = uuidv7()
    pictures.set(`/${id}`, picture)
    const url = `http://127.0.0.1:${host.port}/${id}`
    await trove.database.sql`
      insert into shared_contents (id, url, url_hash, source_platform, external_id, attempt, status, thumbnail_url)
      values (${id}, ${url}, ${id}, 'web', ${id}, ${uuidv7()}, 'READY', ${url})`
    const hash = createHash('md5').update(url).digest('hex')
    return trove.handle(new Request(`http://localhost/v1/thumbnails/${id}/${hash}?width=160`))
  }

  for (const format of ['jpeg', 'png', 'webp', 'gif', 'avif'] as const) {
    test(`${format} is made small`, async () => {
      const answer = await ask(await photo({ width: 320, height: 180 })[format]().toBuffer())
      assert.equal(answer.status, 200)
      const made = await sharp(await answer.bytes()).metadata()
      assert.deepEqual([made.format, made.width, made.height], ['webp', 160, 90])
    })
  }

  test('what is no picture to be shown is not shown', async () => {
    for (const [what, picture] of Object.entries(await hostilePictures())) {
      const answer = await ask(picture)
      assert.deepEqual([what, answer.status], [what, 404])
      await answer.body?.cancel()
    }
  })

  test('a picture that takes too long ends its process, and the next one has another', async () => {
    const bytes = await photo({ width: 320, height: 180 }).jpeg().toBuffer()
    // No process starts within a millisecond.
    const hasty = createShrinker({ decodeMs: 1 })
    await assert.rejects(hasty.shrink({ bytes, widths: [160] }), BadPicture)
    const patient = createShrinker()
    const made = await Promise.all([1, 2].map(() => patient.shrink({ bytes, widths: [160, 320] })))
    assert.deepEqual(
      made.map(each => each.length),
      [2, 2],
    )
    patient.close()
    await assert.rejects(patient.shrink({ bytes: new Uint8Array(), widths: [160] }), BadPicture)
    patient.close()
    hasty.close()
  })
})
