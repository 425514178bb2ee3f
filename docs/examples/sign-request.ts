// Asks Trove by signed requests (RFC 9421) instead of a key, with nothing but what Node, Bun and Deno have:
//   API=http://127.0.0.1:3000/v1 CLIENT_ID=… CLIENT_SECRET=trs_… sh scripts/run.sh bun docs/examples/sign-request.ts
import { createHash, createHmac, randomUUID } from 'node:crypto'
import process from 'node:process'

/** The headers of a request that is signed just now, for one use. `body` is sent as it is here, to the byte. */
export function signRequest(
  client: { id: string; secret: string },
  method: string,
  url: string,
  body?: string,
) {
  const { pathname, search } = new URL(url)
  const covered = { '@method': method, '@path': pathname, '@query': search || '?' }
  const headers: Record<string, string> = {}
  if (body !== undefined) {
    headers['content-type'] = 'application/json'
    headers['content-digest'] = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`
    Object.assign(covered, { 'content-digest': headers['content-digest'] })
  }
  const names = Object.keys(covered).map(name => `"${name}"`)
  const created = Math.floor(Date.now() / 1000)
  const params = `(${names.join(' ')});created=${created};keyid="${client.id}";nonce="${randomUUID()}"`
  const lines = Object.entries({ ...covered, '@signature-params': params })
  const base = lines.map(([name, value]) => `"${name}": ${value}`).join('\n')
  const signature = createHmac('sha256', client.secret).update(base).digest('base64')
  return { ...headers, 'signature-input': `sig=${params}`, signature: `sig=:${signature}:` }
}

if (import.meta.main) {
  const { API, CLIENT_ID, CLIENT_SECRET } = process.env
  const client = { id: CLIENT_ID!, secret: CLIENT_SECRET! }
  const send = async (method: string, path: string, body?: string) => {
    const url = API! + path
    const headers = signRequest(client, method, url, body)
    const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) })
    console.log(method, path, response.status)
    return (await response.json()) as { items: object[] }
  }
  await send('POST', '/items', JSON.stringify({ url: 'https://www.youtube.com/watch?v=dQw4w9WgXcQ' }))
  const { items } = await send('GET', '/items?status=all&limit=1')
  console.log('saved', items.length)
}
