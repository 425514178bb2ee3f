// One link, many spellings: what people paste has one hash a video, post or page.
import { createHash } from 'node:crypto'
import type { Config } from '../../config/config.ts'
import type { PlatformName } from '../../vocabulary.ts'
import { RECOGNISERS } from './recognise.ts'
import { isPublicAddress } from './web-address.ts'

export interface Link {
  /**
   * A video's or post's normal form, such as `https://youtube.com/watch?v=dQw4w9WgXcQ`; a page's as it was pasted, less
   * tracking parameters and fragment.
   */
  url: string
  source_platform: PlatformName
  /** The platform's own id of the video or post. */
  external_id: string
  /** Hex SHA-256 of the canonical key: equal exactly when two links are the same content. */
  url_hash: string
}

/** In UTF-16 code units, as JavaScript counts. */
export const LONGEST_URL = 2048
// Invisible characters too: they make two different links look alike.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\s\\]/u
// Only a plain ASCII host passes. This leaves out credentials, IDN and percent-encoded hosts before
// URL parsing could map them to a name that we trust.
const AUTHORITY = /^(?:(https?):\/\/)?([a-z0-9.-]+)(?::(\d+))?(?=[/?#]|$)/i
// Where any page may be saved, no name is trusted more than another: letters of all scripts, pictures and the underscore
// pass as well. Whether it is a name is what URL parsing says.
const ANY_AUTHORITY =
  /^(?:(https?):\/\/)?([\p{L}\p{M}\p{N}\p{So}\p{Emoji_Modifier}._-]+)(?::(\d+))?(?=[/?#]|$)/iu

/**
 * Reads a link as a person pastes it: white space around it is dropped, and a missing scheme means https.
 * @returns undefined when it is no link of a platform that the configuration names, whatever the reason.
 */
export function normaliseUrl(
  input: string,
  config: Pick<Config, 'PLATFORMS' | 'FETCH_ALLOW_HOSTS'>,
): Link | undefined {
  if (input.length > LONGEST_URL) return undefined
  const text = input.trim()
  const form = config.PLATFORMS.includes('web') ? ANY_AUTHORITY : AUTHORITY
  const authority = UNSAFE.test(text) ? null : form.exec(text)
  if (!authority) return undefined
  const url = URL.parse(authority[1] === undefined ? `https://${text}` : text)
  if (!url || !isPublicAddress(url, config.FETCH_ALLOW_HOSTS)) return undefined

  for (const [name, recognise] of RECOGNISERS) {
    const found = config.PLATFORMS.includes(name) ? recognise(url) : undefined
    if (!found) continue
    return {
      url: found.url,
      source_platform: name,
      external_id: found.external_id,
      url_hash: createHash('sha256').update(found.key).digest('hex'),
    }
  }
  return undefined
}
