// The server's address as a client knows it.

/**
 * Scheme and host that the request was sent to, such as `https://trove.example.com`. A proxy that ends TLS says so in
 * X-Forwarded-Proto, which is believed from anybody: so only tell it to who asked.
 */
export function originOf({ headers, url }: Request): string {
  const origin = new URL(url)
  const [scheme] = (headers.get('x-forwarded-proto') ?? '').split(',')
  if (scheme?.trim().toLowerCase() === 'https') origin.protocol = 'https:'
  return origin.origin
}
