// Refresh tokens say which session they continue and which of its tokens they are, so none is kept: `trr_` + base64url of
// the user's id, the session's, the counter (4 bytes) and an HMAC-SHA256 of them.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { parse, stringify } from 'uuid'
import { deriveKey, type Masters, mastersOf } from '../../ground/secrets/sealing.ts'

const PREFIX = 'trr_'
const NAMED = 36
const MAC = 32

export interface RefreshToken {
  user_id: string
  session_id: string
  /** Which token of the session it is, from 0. */
  counter: number
}

const macOf = (master: string, named: Uint8Array) =>
  createHmac('sha256', deriveKey(master, 'refresh tokens')).update(named).digest()

/** The same for the same token, so that an answer which was lost can be given again. */
export function writeRefreshToken(keys: Masters, { user_id, session_id, counter }: RefreshToken): string {
  const named = Buffer.alloc(NAMED)
  named.set(parse(user_id), 0)
  named.set(parse(session_id), 16)
  named.writeUInt32BE(counter, 32)
  return PREFIX + Buffer.concat([named, macOf(mastersOf(keys)[0]!, named)]).toString('base64url')
}

/** What a token names, or undefined where it is none of ours. */
export function readRefreshToken(keys: Masters, token: string): RefreshToken | undefined {
  if (!token.startsWith(PREFIX)) return undefined
  const bytes = Buffer.from(token.slice(PREFIX.length), 'base64url')
  if (bytes.length !== NAMED + MAC) return undefined
  const [named, mac] = [bytes.subarray(0, NAMED), bytes.subarray(NAMED)]
  if (!mastersOf(keys).some(master => timingSafeEqual(macOf(master, named), mac))) return undefined
  return {
    user_id: stringify(named.subarray(0, 16)),
    session_id: stringify(named.subarray(16, 32)),
    counter: named.readUInt32BE(32),
  }
}
