// An OpenID provider that does all by the book: `oidc-provider`, on a port of this machine. Who signs in there is said by
// the test, and agrees at once.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import { CLIENT_ID, CLIENT_SECRET, type Known } from './careless-provider.ts'

export interface OpenidProvider {
  issuer: string
  /** Who signs in from now on; undefined: they say no. */
  user: Known | undefined
  close(): Promise<void>
}

/** @param redirectUri where Trove takes answers */
export async function startOpenidProvider(redirectUri: string): Promise<OpenidProvider> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const people = new Map<string, Known>()

  const provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT_ID, client_secret: CLIENT_SECRET, redirect_uris: [redirectUri] }],
    features: { devInteractions: { enabled: false } },
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    cookies: { keys: ['a key for tests'] },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
    pkce: { required: () => true },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ ...people.get(sub), sub }) }),
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client.clientId,
        accountId: oidc.session.accountId,
      })
      grant.addOIDCScope('openid email')
      await grant.save()
      return grant
    },
  })

  const answer = provider.callback()
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return answer(request, response)
    const { user } = simulator
    if (user) people.set(user.sub, user)
    const result = user ? { login: { accountId: user.sub } } : { error: 'access_denied' }
    return provider.interactionFinished(request, response, result)
  })

  const simulator: OpenidProvider = {
    issuer,
    user: undefined,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return simulator
}
