// What a delivery looks like on the wire: Standard Webhooks headers (https://www.standardwebhooks.com, version 1.0.0)
// around a body that carries a signature of its own.
import { Buffer } from 'node:buffer'
import { createHmac, randomBytes } from 'node:crypto'
import canonicalize from 'canonicalize'

const PREFIX = 'whsec_'

/** A secret as Standard Webhooks writes it: `whsec_` and the base64 of 32 random bytes. */
export const makeSecret = (): string => PREFIX + randomBytes(32).toString('base64')

/** Whether a secret with the prefix is base64 after it; one without is taken as it is. */
export const isWellFormed = (secret: string): boolean =>
  !secret.startsWith(PREFIX) ||
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$/.test(
    secret.slice(PREFIX.length),
  )

/** The bytes that key `webhook-signature`: what follows `whsec_`, decoded; else the secret's own UTF-8. */
export const keyOf = (secret: string): Uint8Array =>
  secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), 'base64') : Buffer.from(secret)

export interface Message {
  /** The delivery's id: `webhook-id`, the same at every try, by which a receiver knows a repetition. */
  id: string
  event: string
  /** When it happened, ISO 8601: the body is the same at every try. */
  created_at: string
  data: unknown
}

export interface SignedMessage {
  body: string
  headers: Record<string, string>
}

/**
 * The body `{event, timestamp, data, signature}` and the headers of one try.
 *
 * `webhook-signature` is, for each secret, `v1,` and the base64 of HMAC-SHA256 over `id.webhook-timestamp.body`,
 * keyed by {@link keyOf}. The body's `signature` is `sha256=` and the hex of HMAC-SHA256 over the body's timestamp,
 * a full stop and the RFC 8785 JSON of `data`, keyed by the UTF-8 of the first secret as it was shown, `whsec_`
 * included.
 * @param secrets the current one first; then the previous one, while it is valid
 * @param now of this try, in milliseconds
 */
export function signDelivery(message: Message, secrets: string[], now: number): SignedMessage {
  const { id, event, created_at, data } = message
  const signature = `sha256=${createHmac('sha256', secrets[0]!)
    .update(`${created_at}.${canonicalize(data)}`)
    .digest('hex')}`
  const body = JSON.stringify({ event, timestamp: created_at, data, signature })
  const timestamp = String(Math.floor(now / 1000))
  const signatures = secrets.map(
    secret =>
      `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
  )
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signatures.join(' '),
    },
  }
}
