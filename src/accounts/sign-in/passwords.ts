// bcrypt reads 72 bytes and drops the rest, so what it hashes is an HMAC of the whole password, 44 characters long.
import { createHmac } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { compare, hash } from '@node-rs/bcrypt'
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

const prehash = (password: string, pepper: string) =>
  createHmac('sha256', pepper).update(password).digest('base64')

/** One spelling of letters that keyboards compose in several ways (RFC 8265, OpaqueString). */
const normal = (password: string) => password.normalize('NFC')

/**
 * Hashes a password of any length; all of it counts.
 * @param network whose turn it is: see `takeTurns`
 */
export const hashPassword = (password: string, pepper: string, network: string): Promise<string> =>
  inTurn(network, () => hash(prehash(normal(password), pepper), { cost: COST }))

/** Whether `password` has this hash. With no hash (an unknown email) it is false, after the same time. */
export async function verifyPassword(
  password: string,
  pepper: string,
  passwordHash: string | undefined,
  network: string,
): Promise<boolean> {
  // As it was typed, too: hashes of before were made of that.
  for (const spelling of new Set([normal(password), password])) {
    const fits = await inTurn(network, () => compare(prehash(spelling, pepper), passwordHash ?? NOBODYS_HASH))
    if (fits && passwordHash !== undefined) return true
  }
  return false
}
