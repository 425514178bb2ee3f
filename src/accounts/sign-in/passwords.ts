// bcrypt reads 72 bytes and drops the rest, so what it hashes is an HMAC of the whole password, 44 characters long. The key
// of that is derived from ENCRYPTION_KEY and is not in the database: its hashes alone are not enough to try guesses.
import { createHmac } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { compare, hash } from '@node-rs/bcrypt'
import { deriveKey, type Masters, mastersOf } from '../../ground/secrets/sealing.ts'
import { takeTurns } from './turns.ts'

/** 2^10 rounds, the least that OWASP's Password Storage Cheat Sheet allows; about 50 ms on a thread of its own. */
const COST = 10

/** A hash that no password has, of the same cost: an unknown email takes as long to refuse as a wrong password. */
export const NOBODYS_HASH = '$2b$10$CwTycUXWue0Thq9StjUM0u.eZkpGkJPtpsVyBgC9Hn0vQ9yq1nSXy'

/** Hashing leaves a core to everything else. */
export const HASHED_AT_ONCE = Math.max(1, Math.min(2, availableParallelism() - 1))

/** Who would wait longer than about two seconds is told to come back. */
export const WAITING_MOST = 40

const inTurn = takeTurns(HASHED_AT_ONCE, WAITING_MOST)

/** What hashes are made with: the keys of the configuration, and the one that lay in the database until 0023. */
export interface PasswordKeys {
  masters: Masters
  old?: string | undefined
}

type Key = string | Uint8Array

/** `k1.` + which key + `.` + bcrypt's hash; bcrypt's alone where the key lay in the database. */
const KEYED = /^k1\.([\w-]{8})\.(.+)$/

const prehash = (password: string, key: Key) => createHmac('sha256', key).update(password).digest('base64')

/** One spelling of letters that keyboards compose in several ways (RFC 8265, OpaqueString). */
const normal = (password: string) => password.normalize('NFC')

/** The keys that may be, by their names, that of today first. */
const keysOf = (masters: Masters) =>
  mastersOf(masters).map(master => {
    const key = deriveKey(master, 'passwords')
    return { key, name: createHmac('sha256', key).update('name').digest('base64url').slice(0, 8) }
  })

/**
 * Hashes a password of any length; all of it counts.
 * @param network whose turn it is: see `takeTurns`
 */
export async function hashPassword(
  password: string,
  { masters }: PasswordKeys,
  network: string,
): Promise<string> {
  const { key, name } = keysOf(masters)[0]!
  const hashed = await inTurn(network, () => hash(prehash(normal(password), key), { cost: COST }))
  return `k1.${name}.${hashed}`
}

/** Whether a password has a hash, and whether the hash is by the key of today. */
export type Verdict = 'wrong' | 'right' | 'right, by an old key'

/** With no hash (an unknown email, or one that has no password) it is wrong, after the same time. */
export async function verifyPassword(
  password: string,
  { masters, old }: PasswordKeys,
  passwordHash: string | null | undefined,
  network: string,
): Promise<Verdict> {
  const keys = keysOf(masters)
  const [, name, keyed] = KEYED.exec(passwordHash ?? '') ?? []
  const key = keyed ? keys.find(key => key.name === name)?.key : passwordHash ? old : undefined
  const against = (key && (keyed ?? passwordHash)) || NOBODYS_HASH
  // As it was typed, too: old hashes were made of that.
  const spellings = keyed ? [normal(password)] : new Set([normal(password), password])
  for (const spelling of spellings) {
    const fits = await inTurn(network, () => compare(prehash(spelling, key ?? keys[0]!.key), against))
    if (fits && key) return keyed && name === keys[0]!.name ? 'right' : 'right, by an old key'
  }
  return 'wrong'
}
