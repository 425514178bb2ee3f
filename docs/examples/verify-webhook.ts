// Whether a webhook's request is from Trove. Either check is enough; each works with the secret that registering showed.
import { createHmac, timingSafeEqual } from 'node:crypto'
import canonicalize from 'canonicalize'
import { Webhook } from 'standardwebhooks'

/** By the headers, with the package of https://www.standardwebhooks.com. Throws unless it is genuine and fresh. */
export function verifyHeaders(body: string, headers: Record<string, string>, secret: string) {
  return new Webhook(secret).verify(body, headers)
}

/** By the body alone: where only the JSON was kept, such as in a queue or a log. It does not tell how old it is. */
export function verifyBody(body: string, secret: string): boolean {
  const { timestamp, data, signature } = JSON.parse(body)
  const hmac = createHmac('sha256', secret).update(`${timestamp}.${canonicalize(data)}`)
  const expected = new TextEncoder().encode(`sha256=${hmac.digest('hex')}`)
  const given = new TextEncoder().encode(signature)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
