// How programs tell who they are, for the API's description and the clients that are generated from it.
import type { Declaration } from '../ground/http/route.ts'
import { CLIENT_PERMISSIONS, SCOPES } from './permissions.ts'

export const SECURITY_SCHEMES = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The `access_token` of register, login or refresh.',
  },
  personalToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'trp_…',
    description:
      'The `token` of `POST /v1/auth/tokens`, for a program of your own. An operation names the scope that it takes.',
  },
  apiKey: {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description:
      'The `api_key` of `POST /v1/integrations/clients`; it counts where there is no `Authorization`. An operation names the permission that it takes. Instead of the key, or where the client must, a program signs its requests (RFC 9421, `hmac-sha256`): see “Programs that call with a key” in docs/accounts.md.',
  },
}

/** The ways to be let in to a route, each with what it takes. */
export function securityOf({ may, in_person }: Declaration): Record<string, string[]>[] {
  if (may === 'anybody') return []
  const bearer = { bearer: [] }
  if (in_person) return [bearer]
  const scope = Object.entries(SCOPES).find(([, permission]) => permission === may)?.[0]
  // Who may write may save.
  const permission = may === 'save' ? 'write' : may
  const isForClients = CLIENT_PERMISSIONS.some(name => name === permission)
  return [
    bearer,
    ...(scope ? [{ personalToken: [scope] }] : []),
    ...(isForClients ? [{ apiKey: [permission] }] : []),
  ]
}
