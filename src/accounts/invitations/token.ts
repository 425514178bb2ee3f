// `tri_` + base64url of the invitation's id and 24 random bytes: the row is found by its key, and has only a hash.
import { createHash, randomBytes } from 'node:crypto'
import { parse, stringify } from 'uuid'

const PREFIX = 'tri_'
const SECRET = 24

export const makeToken = (id: string): string =>
  PREFIX + Buffer.concat([parse(id), randomBytes(SECRET)]).toString('base64url')

export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url')

/** The invitation that a token names; undefined for what is no token. */
export function idOf(token: string): string | undefined {
  const bytes = Buffer.from(token.slice(PREFIX.length), 'base64url')
  if (!token.startsWith(PREFIX) || bytes.length !== 16 + SECRET) return undefined
  try {
    return stringify(bytes.subarray(0, 16))
  } catch {
    return undefined
  }
}
