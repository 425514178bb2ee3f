// Content-Digest (RFC 9530).
import { createHash } from 'node:crypto'

/** As the header names them, and as Node does. */
const ALGORITHMS: Record<string, string> = { 'sha-256': 'sha256', 'sha-512': 'sha512' }
/** A member of the header's dictionary whose value is bytes. */
const MEMBER = /^([a-z*][a-z\d_.*-]*)=:([A-Za-z\d+/]*={0,2}):$/

/** Whether a header names the digest of these bytes; of several digests all that are known must be right. */
export function isDigestOf(header: string, bytes: Uint8Array): boolean {
  let known = 0
  for (const member of header.split(',')) {
    const [, name = '', digest = ''] = MEMBER.exec(member.trim()) ?? []
    if (!name) return false
    const algorithm = Object.hasOwn(ALGORITHMS, name) && ALGORITHMS[name]
    if (!algorithm) continue
    known++
    if (!createHash(algorithm).update(bytes).digest().equals(Buffer.from(digest, 'base64'))) return false
  }
  return known > 0
}
