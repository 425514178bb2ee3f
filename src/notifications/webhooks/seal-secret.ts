// Webhook secrets at rest. A delivery must be signed with the secret itself, so it is sealed and not hashed; the key
// comes from the configuration and is not in the database.
import { Buffer } from 'node:buffer'
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import type { Config } from '../../config/config.ts'

type Keys = Pick<Config, 'ENCRYPTION_KEY' | 'JWT_SECRET_KEY'>

/** Whose secret it is: sealed text that is moved to another webhook does not open. */
export interface SecretOwner {
  user_id: string
  webhook_id: string
}

/** The sealed text was changed, belongs to another webhook, or was made with a key that is not configured now. */
export class UnreadableSecret extends Error {
  override readonly name = 'UnreadableSecret'
  constructor() {
    super('The secret cannot be opened with the configured key')
  }
}

const VERSION = 'v1'
const CIPHER = 'aes-256-gcm'
const TAG_BYTES = 16

/** A key of 32 bytes for one purpose (HKDF-SHA256, RFC 5869). */
const derive = (master: string, purpose: string) =>
  new Uint8Array(hkdfSync('sha256', master, '', `trove webhook ${purpose} ${VERSION}`, 32))

/** What may have sealed a secret, that which seals now first: an ENCRYPTION_KEY that is set later breaks nothing. */
const mastersOf = ({ ENCRYPTION_KEY, JWT_SECRET_KEY }: Keys) =>
  [ENCRYPTION_KEY, JWT_SECRET_KEY].filter(key => key !== undefined)

const boundTo = ({ user_id, webhook_id }: SecretOwner) => Buffer.from(`${VERSION} ${user_id} ${webhook_id}`)

/**
 * Seals a secret with AES-256-GCM, the key derived from ENCRYPTION_KEY, or JWT_SECRET_KEY where that is not set.
 * @returns `v1.` + nonce + `.` + cipher text and tag, both base64url; different each time.
 */
export function sealSecret(keys: Keys, owner: SecretOwner, secret: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv(CIPHER, derive(mastersOf(keys)[0]!, 'secrets'), nonce)
  cipher.setAAD(boundTo(owner))
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return [VERSION, nonce.toString('base64url'), sealed.toString('base64url')].join('.')
}

/**
 * The secret that `sealSecret` sealed for the same owner.
 * @throws {UnreadableSecret}
 */
export function openSecret(keys: Keys, owner: SecretOwner, text: string): string {
  const [version, nonce, sealed] = text.split('.')
  if (version !== VERSION || !nonce || !sealed) throw new UnreadableSecret()
  const bytes = Buffer.from(sealed, 'base64url')
  for (const master of mastersOf(keys)) {
    try {
      const decipher = createDecipheriv(CIPHER, derive(master, 'secrets'), Buffer.from(nonce, 'base64url'))
      decipher.setAAD(boundTo(owner))
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
      return decipher.update(bytes.subarray(0, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
    } catch {
      // Not this key.
    }
  }
  throw new UnreadableSecret()
}

/** Stands for a secret where it is only compared: without the key nobody can try guesses against it. */
export const secretFingerprint = (keys: Keys, secret: string): string =>
  createHmac('sha256', derive(mastersOf(keys)[0]!, 'fingerprints'))
    .update(secret)
    .digest('base64url')
