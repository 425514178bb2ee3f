// What must be read back is sealed in the database, with keys that are not there: AES-256-GCM, each purpose with a key of
// its own, each row as additional data, so that sealed text which is moved elsewhere does not open.
import { Buffer } from 'node:buffer'
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import type { GroundConfig } from '../variables.ts'

export type Masters = Pick<GroundConfig, 'ENCRYPTION_KEY' | 'ENCRYPTION_KEY_PREVIOUS'> & {
  JWT_SECRET_KEY?: string | undefined
}

/** The sealed text was changed, belongs elsewhere, or was made with a key that is not configured now. */
export class UnreadableSecret extends Error {
  override readonly name = 'UnreadableSecret'
  constructor() {
    super('The secret cannot be opened with the configured key')
  }
}

const VERSION = 'v1'
const CIPHER = 'aes-256-gcm'
const TAG_BYTES = 16

/**
 * What may have sealed a secret, that which seals now first: an ENCRYPTION_KEY that is set later breaks nothing, nor does
 * one that replaces ENCRYPTION_KEY_PREVIOUS.
 */
export const mastersOf = (keys: Masters): string[] =>
  [keys.ENCRYPTION_KEY, keys.ENCRYPTION_KEY_PREVIOUS, keys.JWT_SECRET_KEY].filter(key => key !== undefined)

/** A key of 32 bytes for one purpose (HKDF-SHA256, RFC 5869). */
export const deriveKey = (master: string, purpose: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', master, '', `trove ${purpose} ${VERSION}`, 32))

/** Seals and opens secrets of one purpose, such as `webhook secrets`. */
export interface Sealing {
  /**
   * @param row what it belongs to, such as the user's id and the row's
   * @returns `v1.` + nonce + `.` + cipher text and tag, both base64url; different each time
   */
  seal(keys: Masters, row: string[], secret: string): string
  /** The secret that was sealed for the same row. @throws {UnreadableSecret} */
  open(keys: Masters, row: string[], sealed: string): string
  /** The same secret, sealed with the key that seals now; undefined when it is. @throws {UnreadableSecret} */
  reseal(keys: Masters, row: string[], sealed: string): string | undefined
}

export function sealing(purpose: string): Sealing {
  const boundTo = (row: string[]) => Buffer.from([VERSION, ...row].join(' '))

  const seal: Sealing['seal'] = (keys, row, secret) => {
    const nonce = randomBytes(12)
    const cipher = createCipheriv(CIPHER, deriveKey(mastersOf(keys)[0]!, purpose), nonce)
    cipher.setAAD(boundTo(row))
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()])
    return [VERSION, nonce.toString('base64url'), sealed.toString('base64url')].join('.')
  }

  /** With it, which of the masters has sealed it. */
  const tryAll = (keys: Masters, row: string[], text: string): { secret: string; master: number } => {
    const [version, nonce, sealed] = text.split('.')
    if (version !== VERSION || !nonce || !sealed) throw new UnreadableSecret()
    const bytes = Buffer.from(sealed, 'base64url')
    for (const [i, master] of mastersOf(keys).entries()) {
      try {
        const decipher = createDecipheriv(CIPHER, deriveKey(master, purpose), Buffer.from(nonce, 'base64url'))
        decipher.setAAD(boundTo(row))
        decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
        const secret =
          decipher.update(bytes.subarray(0, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
        return { secret, master: i }
      } catch {
        // Not this key.
      }
    }
    throw new UnreadableSecret()
  }

  return {
    seal,
    open: (keys, row, sealed) => tryAll(keys, row, sealed).secret,
    reseal: (keys, row, sealed) => {
      const { secret, master } = tryAll(keys, row, sealed)
      return master === 0 ? undefined : seal(keys, row, secret)
    },
  }
}

/** Sealed texts of one row by their columns. */
type SealedRow<Column extends string> = Record<Column, string | null>

/**
 * What of a row was sealed with a key of before, sealed with the one of today; undefined where there is nothing to change.
 * What no key opens stays as it is: whoever needs it says so.
 */
export function resealed<Column extends string>(
  { reseal }: Sealing,
  keys: Masters,
  row: string[],
  columns: SealedRow<Column>,
): SealedRow<Column> | undefined {
  let isChanged = false
  const now = Object.entries<string | null>(columns).map(([name, sealed]) => {
    try {
      const anew = sealed === null ? undefined : reseal(keys, row, sealed)
      isChanged ||= anew !== undefined
      return [name, anew ?? sealed]
    } catch (error) {
      if (error instanceof UnreadableSecret) return [name, sealed]
      throw error
    }
  })
  return isChanged ? (Object.fromEntries(now) as SealedRow<Column>) : undefined
}

/** Stands for a secret where it is only compared: without the key nobody can try guesses against it. */
export const fingerprint = (keys: Masters, purpose: string, secret: string): string =>
  createHmac('sha256', deriveKey(mastersOf(keys)[0]!, purpose))
    .update(secret)
    .digest('base64url')
