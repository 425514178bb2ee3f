// One link, many spellings: what people paste becomes one address and one hash a video or post.
import { createHash } from 'node:crypto'
import type { PlatformName } from '../vocabulary.ts'
import { PLATFORMS } from './platforms/platforms.ts'

export interface Link {
  /** The normal form, such as `https://youtube.com/watch?v=dQw4w9WgXcQ`. */
  url: string
  source_platform: PlatformName
  /** The platform's own id of the video or post. */
  external_id: string
  /** Hex SHA-256 of the canonical key: equal exactly when two links are the same content. */
  url_hash: string
}

const MAX_LENGTH = 2048
// Invisible characters too: they make two different links look alike.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\s\\]/u
// Only a plain ASCII host passes. This leaves out credentials, IDN and percent-encoded hosts before
// URL parsing could map them to a name that we trust.
const AUTHORITY = /^(?:(https?):\/\/)?([a-z0-9.-]+)(?::(\d+))?(?=[/?#]|$)/i

/**
 * Reads a link as a person pastes it: white space around it is dropped, and a missing scheme means https.
 * @returns undefined when it is no link of a supported platform, whatever the reason.
 */
export function normaliseUrl(input: string): Link | undefined {
  if (input.length > MAX_LENGTH) return undefined
  const text = input.trim()
  const authority = UNSAFE.test(text) ? null : AUTHORITY.exec(text)
  if (!authority) return undefined
  const [prefix, scheme, host, port] = authority
  if (port !== undefined && port !== (scheme?.toLowerCase() === 'http' ? '80' : '443')) return undefined
  const url = URL.parse(`https://${host}${text.slice(prefix.length)}`)
  if (!url) return undefined

  for (const platform of PLATFORMS) {
    const found = platform.recognise(url)
    if (!found) continue
    return {
      url: found.url,
      source_platform: platform.name,
      external_id: found.external_id,
      url_hash: createHash('sha256').update(found.key).digest('hex'),
    }
  }
  return undefined
}
