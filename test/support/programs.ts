// Tokens and keys of programs, and requests that they sign.
import { createHash, randomUUID } from 'node:crypto'
import { createSigner, httpbis } from 'http-message-signatures'
import { v7 as uuidv7 } from 'uuid'
import { hashOf } from '../../src/accounts/admission/shown-once.ts'
import { makeSecrets } from '../../src/accounts/clients/secrets.ts'
import { insertClient } from '../../src/accounts/clients/store.ts'
import type { ClientPermission, Scope } from '../../src/accounts/permissions.ts'
import { personalTokens } from '../../src/accounts/personal-tokens/by-token.ts'
import { insertToken } from '../../src/accounts/personal-tokens/store.ts'
import type { Context } from '../../src/context.ts'
import type { Sql } from '../../src/ground/database/connection.ts'

/** A personal token as `POST /v1/auth/tokens` makes it. */
export async function addPersonalToken(sql: Sql, userId: string, scopes: Scope[]): Promise<string> {
  const id = uuidv7()
  const token = personalTokens.make(userId, id)
  const row = { user_id: userId, id, name: 'A script', scopes, token_hash: hashOf(token), expires_at: null }
  await insertToken(sql, row)
  return token
}

export interface Program {
  client_id: string
  api_key: string
  client_secret: string
}

/** An API client as `POST /v1/integrations/clients` makes it. */
export async function addClient(
  { config, database }: Context,
  userId: string,
  more: { permissions?: ClientPermission[]; require_signature?: boolean } = {},
): Promise<Program> {
  const client_id = uuidv7()
  const { shown, kept } = makeSecrets(config, client_id)
  await insertClient(database.sql, {
    ...kept,
    id: client_id,
    name: 'A program',
    description: null,
    permissions: ['read', 'write'],
    require_signature: false,
    expires_at: null,
    ...more,
    acts_as_user_id: userId,
    created_by: userId,
  })
  return { client_id, ...shown }
}

/** What a signature says of itself and covers, where it is not as it should be. */
export interface Signing {
  fields?: string[]
  params?: string[]
  created?: Date
  expires?: Date
  nonce?: string
  keyid?: string
  alg?: string
  /** Of the body. */
  digest?: string
}

export const digestOf = (body: string, algorithm = 'sha-256'): string =>
  `${algorithm}=:${createHash(algorithm.replace('-', '')).update(body).digest('base64')}:`

/** A request that a program signs with its secret. */
export async function signedRequest(
  { client_id, client_secret }: Pick<Program, 'client_id' | 'client_secret'>,
  method: string,
  url: string,
  body?: string,
  { fields, params, digest, created = new Date(), ...more }: Signing = {},
): Promise<Request> {
  const headers: Record<string, string> =
    body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-digest': digest ?? digestOf(body) }
  const covered = ['@method', '@path', '@query', ...(body === undefined ? [] : ['content-digest'])]
  const message = await httpbis.signMessage(
    {
      key: createSigner(client_secret, 'hmac-sha256'),
      fields: fields ?? covered,
      params: params ?? [
        'created',
        'keyid',
        'nonce',
        ...(more.alg ? ['alg'] : []),
        ...(more.expires ? ['expires'] : []),
      ],
      paramValues: { created, keyid: client_id, nonce: randomUUID(), ...more },
    },
    { method, url, headers },
  )
  return new Request(url, {
    method,
    headers: message.headers as Record<string, string>,
    ...(body === undefined ? {} : { body }),
  })
}

/** Asks again until what is read is so: for what no request waits for. */
export async function until<T>(read: () => Promise<T>, isSo: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await read()
    if (isSo(value)) return value
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}
