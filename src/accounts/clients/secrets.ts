// What a program is given: a key that it shows, and a secret that it signs with.
import { randomBytes } from 'node:crypto'
import type { Masters } from '../../ground/secrets/sealing.ts'
import { sealing } from '../../ground/secrets/sealing.ts'
import { hashOf, isKept, shownOnce } from '../admission/shown-once.ts'

const SECRET_BYTES = 32
/** Of a key: enough to tell programs apart, and nothing of what is random in it. */
const SHOWN_CHARACTERS = 16

/** Names its client. */
export const apiKeys = shownOnce('trv_', 1, 32)

/** Not hashed, since a signature is checked with the secret itself. */
export const clientSecrets = sealing('api client secrets')

/** What is kept of a key and a secret. */
export interface Kept {
  key_hash: string
  key_prefix: string
  secret_sealed: string
}

/** A new key and a new secret, and what is kept of them. */
export function makeSecrets(keys: Masters, clientId: string) {
  const api_key = apiKeys.make(clientId)
  const client_secret = `trs_${randomBytes(SECRET_BYTES).toString('base64url')}`
  const kept: Kept = {
    key_hash: hashOf(api_key),
    key_prefix: api_key.slice(0, SHOWN_CHARACTERS),
    secret_sealed: clientSecrets.seal(keys, [clientId], client_secret),
  }
  return { shown: { client_secret, api_key }, kept }
}

/** Whether a key is one of these; all are compared. */
export const isOneOf = (key: string, hashes: string[]): boolean =>
  hashes.filter(hash => isKept(key, hash)).length > 0
