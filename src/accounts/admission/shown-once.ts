// Secrets that are shown once and kept as a hash: a prefix, then base64url of the ids of the row that they belong to and of
// random bytes. So each is found by its row's key, and guesses are compared with one hash alone.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { parse } from 'uuid'

const ID_BYTES = 16

export interface ShownOnce {
  prefix: string
  /** A new one, for the row of these ids. */
  make(...ids: string[]): string
  /** The ids that one names; undefined for what is not of this form. It is good only if its hash is the row's. */
  read(text: string): string[] | undefined
}

/** @param ids how many ids one names */
export function shownOnce(prefix: string, ids: number, random: number): ShownOnce {
  const length = prefix.length + Math.ceil(((ids * ID_BYTES + random) * 8) / 6)
  return {
    prefix,
    make: (...ids) => prefix + Buffer.concat([...ids.map(parse), randomBytes(random)]).toString('base64url'),
    read: text => {
      if (text.length !== length || !text.startsWith(prefix)) return undefined
      const bytes = Buffer.from(text.slice(prefix.length), 'base64url')
      if (bytes.length !== ids * ID_BYTES + random) return undefined
      return Array.from({ length: ids }, (_, i) => idOf(bytes.subarray(i * ID_BYTES, (i + 1) * ID_BYTES)))
    },
  }
}

/** Any sixteen bytes as an id, where those of a stranger need not be a UUID of a known version. */
const idOf = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

/** What is kept of a secret. It is random, so that a fast hash will do. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url')

/** Whether a secret is the one that was kept, in a time that tells nothing of it. */
export function isKept(secret: string, hash: string): boolean {
  const [given, kept] = [Buffer.from(hashOf(secret)), Buffer.from(hash)]
  return given.length === kept.length && timingSafeEqual(given, kept)
}
