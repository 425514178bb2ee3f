// Sealing and signing on this runtime, against what another runtime made and what the standard's own library says.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import {
  openSecret,
  sealSecret,
  secretFingerprint,
  UnreadableSecret,
} from '../../src/notifications/webhooks/seal-secret.ts'
import {
  isWellFormed,
  keyOf,
  makeSecret,
  signDelivery,
} from '../../src/notifications/webhooks/sign-delivery.ts'

const keys = { JWT_SECRET_KEY: 'a secret for tests, of more than 32 bytes', ENCRYPTION_KEY: undefined }
const owner = {
  user_id: '019a5c3e-7c11-7a40-8b52-3f1d9e6a0c01',
  webhook_id: '019a5c44-0b12-7f6e-9d01-7a5c3e2b4f68',
}
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwKQ9r8GKYqrQ='

describe('a sealed secret', () => {
  test('opens on every runtime', () => {
    const onBun =
      'v1.IN_y6MOcvqFUl16b.Rp6a3I0Q924MS3wH_P9sRu-L5DWH1ovxNGm677PUweh6qf04ww7O8U8EUzXxVYWmXgxbpnE288kKNYhCEgfxl9vJ'
    assert.equal(openSecret(keys, owner, onBun), secret)
    assert.equal(openSecret(keys, owner, sealSecret(keys, owner, secret)), secret)
  })

  test('is different each time and does not show what it holds', () => {
    const sealed = [1, 2].map(() => sealSecret(keys, owner, secret))
    assert.notEqual(sealed[0], sealed[1])
    assert.match(sealed[0]!, /^v1\.[\w-]{16}\.[\w-]+$/)
    assert.notEqual(
      secretFingerprint(keys, secret),
      secretFingerprint({ JWT_SECRET_KEY: 'another' } as never, secret),
    )
  })

  test('opens for nobody else, when it was changed, or with another key', () => {
    const sealed = sealSecret(keys, owner, secret)
    const last = sealed.at(-1) === 'A' ? 'B' : 'A'
    const tries: [typeof keys, typeof owner, string][] = [
      [keys, { ...owner, user_id: owner.webhook_id }, sealed],
      [keys, { ...owner, webhook_id: owner.user_id }, sealed],
      [{ ...keys, JWT_SECRET_KEY: 'another secret' }, owner, sealed],
      [keys, owner, sealed.slice(0, 30) + last + sealed.slice(31)],
      [keys, owner, sealed.slice(0, -4)],
      [keys, owner, sealed.replace('v1', 'v2')],
      [keys, owner, 'v1..'],
    ]
    for (const [i, args] of tries.entries()) {
      assert.throws(() => openSecret(...args), UnreadableSecret, `try ${i}`)
    }
  })

  test('still opens after an ENCRYPTION_KEY was set, which then seals', () => {
    const later = { ...keys, ENCRYPTION_KEY: 'a key of its own' } as never
    assert.equal(openSecret(later, owner, sealSecret(keys, owner, secret)), secret)
    assert.throws(() => openSecret(keys, owner, sealSecret(later, owner, secret)), UnreadableSecret)
  })
})

describe('a signed delivery', () => {
  const message = {
    id: '019a5c45-2c34-7a90-8b12-0d9e8f7a6b5c',
    event: 'content.ready',
    created_at: '2026-01-15T09:14:03.870Z',
    data: { title: 'Café €', save_id: 's', count: 1e21, '\u00f6': [true, null], a: { c: 1, b: 2 } },
  }

  test('is the same on every runtime', () => {
    const { body, headers } = signDelivery(message, [secret, 'plain-text-secret'], 1_768_468_444_999)
    assert.equal(headers['webhook-timestamp'], '1768468444')
    assert.equal(
      headers['webhook-signature'],
      'v1,jltl3rYiNf1Vu065bFA1Ua2YRz29fKgosfoGSp+jfcM= v1,RSD6LvXpM07NEhZIOWNseywtuKor9bNDU4IVgVwZvW4=',
    )
    assert.equal(
      JSON.parse(body).signature,
      'sha256=8a2d48d3185dd29c51070c9b35b4e2860dbe915b7b47e19ff17c1062dbdb38fb',
    )
  })

  test('is verified by the library, with each secret and no other', () => {
    const made = makeSecret()
    const { body, headers } = signDelivery(message, [made, secret], Date.now())
    for (const one of [made, secret]) assert.ok(new Webhook(one).verify(body, headers))
    assert.throws(() => new Webhook(makeSecret()).verify(body, headers))
  })

  test('takes the bytes after whsec_, or those of the text', () => {
    assert.equal(keyOf(secret).length, 32)
    assert.deepEqual([...keyOf('é')], [0xc3, 0xa9])
    for (const good of [secret, 'any text at all', 'whsec_QQ==']) assert.ok(isWellFormed(good))
    for (const bad of ['whsec_', 'whsec_QQ', 'whsec_Q===', 'whsec_a-b_']) assert.ok(!isWellFormed(bad))
  })
})
