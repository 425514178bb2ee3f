// An OpenID provider that does what a good one never would: one fault at a time, as the test says. Without one its
// answers are right.
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export const CLIENT_ID = 'trove'
export const CLIENT_SECRET = 'a-secret-that-the-provider-gave'

/** What the provider knows of somebody. */
export interface Known {
  sub: string
  email?: string
  email_verified?: boolean
}

export type Fault =
  | 'another nonce'
  | 'no nonce'
  | 'another issuer'
  | 'another audience'
  | 'another state'
  | 'another issuer beside the code'
  | 'no signature'
  | 'a signature of somebody else'
  | 'an id_token that has expired'
  | 'no id_token'
  | 'a token endpoint that fails'
  | 'a token endpoint that redirects'
  | 'a secret that is refused'
  | 'a token endpoint that hangs'
  | 'a discovery that hangs'
  | 'a discovery that fails'
  | 'another name'

export interface CarelessProvider {
  issuer: string
  user: Known
  fault: Fault | undefined
  /** The paths that were asked for. */
  asked: string[]
  close(): Promise<void>
}

const [ours, theirs] = [1, 2].map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' }))
const encode = (part: object | string) =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')

export async function startCarelessProvider(): Promise<CarelessProvider> {
  const codes = new Map<string, { nonce: string; challenge: string }>()
  const hanging: ServerResponse[] = []

  const json = (response: ServerResponse, body: object, status = 200) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  }

  function authorize(query: URLSearchParams, response: ServerResponse) {
    const { fault } = provider
    const code = randomUUID()
    codes.set(code, { nonce: query.get('nonce')!, challenge: query.get('code_challenge')! })
    const back = new URL(query.get('redirect_uri')!)
    back.searchParams.set('code', code)
    back.searchParams.set('state', fault === 'another state' ? 'x' : query.get('state')!)
    const isAnother = fault === 'another issuer beside the code'
    back.searchParams.set('iss', isAnother ? 'https://elsewhere.example' : provider.issuer)
    response.writeHead(302, { location: back.href })
    response.end()
  }

  async function token(request: IncomingMessage, response: ServerResponse) {
    const { fault } = provider
    let body = ''
    for await (const part of request) body += part
    const given = new URLSearchParams(body)
    const known = codes.get(given.get('code') ?? '')
    codes.delete(given.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(given.get('code_verifier') ?? '')
      .digest('base64url')
    if (fault === 'a token endpoint that hangs') return hanging.push(response)
    if (fault === 'a token endpoint that fails') return json(response, {}, 500)
    if (fault === 'a secret that is refused') return json(response, { error: 'invalid_client' }, 400)
    if (fault === 'a token endpoint that redirects') {
      response.writeHead(307, { location: '/elsewhere' })
      return response.end()
    }
    if (known?.challenge !== challenge) return json(response, { error: 'invalid_grant' }, 400)
    const tokens = { access_token: 'an access token', token_type: 'bearer', expires_in: 60 }
    json(response, fault === 'no id_token' ? tokens : { ...tokens, id_token: idToken(known.nonce) })
  }

  function idToken(nonce: string): string {
    const { fault, issuer, user } = provider
    const now = Math.floor(Date.now() / 1000)
    const ended = fault === 'an id_token that has expired' ? 3600 : 0
    const claims = {
      ...user,
      iss: fault === 'another issuer' ? 'https://elsewhere.example' : issuer,
      aud: fault === 'another audience' ? 'another client' : CLIENT_ID,
      iat: now - ended,
      exp: now - ended + 60,
      ...(fault === 'no nonce' ? {} : { nonce: fault === 'another nonce' ? 'x' : nonce }),
    }
    const isSigned = fault !== 'no signature'
    const signed = `${encode({ alg: isSigned ? 'ES256' : 'none', kid: 'one' })}.${encode(claims)}`
    const key = (fault === 'a signature of somebody else' ? theirs : ours)!.privateKey
    const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' })
    return `${signed}.${isSigned ? signature.toString('base64url') : ''}`
  }

  function discover(response: ServerResponse) {
    const { fault, issuer } = provider
    if (fault === 'a discovery that hangs') return hanging.push(response)
    if (fault === 'a discovery that fails') return json(response, {}, 503)
    json(response, {
      issuer: fault === 'another name' ? `${issuer}/other` : issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
      token_endpoint_auth_methods_supported: ['client_secret_post'],
    })
  }

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, provider.issuer)
    provider.asked.push(pathname)
    if (pathname === '/.well-known/openid-configuration') return discover(response)
    if (pathname === '/authorize') return authorize(searchParams, response)
    if (pathname === '/token') return token(request, response)
    const key = { ...ours!.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'ES256' }
    return json(response, pathname === '/jwks' ? { keys: [key] } : {}, pathname === '/jwks' ? 200 : 404)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const provider: CarelessProvider = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    user: { sub: 'somebody' },
    fault: undefined,
    asked: [],
    close: async () => {
      for (const response of hanging) response.destroy()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return provider
}
