// Who asks by the key or the signature of a program.
import type { SignatureParameters } from 'http-message-signatures'
import type { Context } from '../../context.ts'
import { holdBody, LARGEST_BODY } from '../../ground/http/body/body.ts'
import { unauthorized } from '../../ground/http/problems.ts'
import { perContext } from '../../ground/per-context.ts'
import { UnreadableSecret } from '../../ground/secrets/sealing.ts'
import { accountOf, noteUse } from '../admission/account.ts'
import { hashOf } from '../admission/shown-once.ts'
import { type Account, findAccount } from '../admission/store.ts'
import { narrow, permissionsOf } from '../permissions.ts'
import { isDigestOf } from './content-digest.ts'
import { apiKeys, clientSecrets, isOneOf } from './secrets.ts'
import { readSignature } from './signature.ts'
import { type Caller, findCaller, touchClient, useNonce } from './store.ts'

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/
const COVERED = ['"@method"', '"@path"', '"@query"']
const LONGEST_NONCE = 200
/** How far the clock of a program may be from ours. */
const CLOCK_SECONDS = 300

/** The account that a program acts as, within what the program may. @throws {Problem} 401; 400 or 413 for its body */
export const byClient = perContext((context: Context) => {
  const { config, database, log } = context
  const { byKey, sql } = database

  /** The secrets that count at present, the newest first. */
  function secretsOf({ id, secret_sealed, previous_secret_sealed }: Caller): string[] {
    const sealed = [secret_sealed, previous_secret_sealed].filter(text => text !== null)
    return sealed.flatMap(text => {
      try {
        return [clientSecrets.open(config, [id], text)]
      } catch (error) {
        if (!(error instanceof UnreadableSecret)) throw error
        log.warn('The secret of an API client cannot be opened with the configured ENCRYPTION_KEY', {
          client_id: id,
        })
        return []
      }
    })
  }

  const hasKey = ({ key_hash, previous_key_hash }: Caller, key: string): boolean =>
    isOneOf(
      key,
      [key_hash, previous_key_hash].filter(hash => hash !== null),
    )

  async function holderOf(key: string): Promise<Calling | undefined> {
    const [id] = apiKeys.read(key) ?? []
    const client = id ? await findCaller(byKey, id) : undefined
    return client && !client.require_signature && hasKey(client, key) ? { client } : undefined
  }

  /** The body is read once the signature is found good. */
  async function signerOf(request: Request, largestBody: number): Promise<Calling | undefined> {
    let signer: Calling | undefined
    const covered = await readSignature(request, async params => {
      if (!isFresh(params)) return undefined
      const client = await findCaller(byKey, params.keyid)
      if (!client) return undefined
      signer = { client, nonce: params.nonce }
      return secretsOf(client)
    })
    if (!signer || !covered || !COVERED.every(name => covered.has(name))) return undefined
    const key = request.headers.get('x-api-key')
    if (key !== null && !hasKey(signer.client, key)) return undefined
    const bytes = await holdBody(request, largestBody)
    const isDigestCovered = covered.has('"content-digest"')
    if (bytes.length > 0 && !isDigestCovered) return undefined
    if (isDigestCovered && !isDigestOf(request.headers.get('content-digest') ?? '', bytes)) return undefined
    return signer
  }

  return async (request: Request, largestBody = LARGEST_BODY): Promise<Account> => {
    const { headers } = request
    const isSigned = headers.has('signature-input') || headers.has('signature')
    const calling = isSigned
      ? await signerOf(request, largestBody)
      : await holderOf(headers.get('x-api-key') ?? '')
    if (!calling) throw unauthorized()
    const { client, nonce } = calling
    const row = await findAccount(byKey, client.acts_as_user_id, null)
    if (!row?.is_active) throw unauthorized()
    // At last, so that only a request that is good uses it up.
    if (nonce !== undefined && !(await useNonce(sql, hashOf(`${client.id} ${nonce}`)))) throw unauthorized()
    noteUse(context, client.last_used_at, () => touchClient(sql, client.id))
    const permissions = narrow(permissionsOf(row.role), client.permissions)
    return accountOf(row, permissions, { session_id: undefined, in_person: false })
  }
})

/** A program that asks: by its key, or by a signature under a nonce. */
interface Calling {
  client: Caller
  nonce?: string
}

interface Fresh {
  keyid: string
  nonce: string
}

/** Whether a signature says who made it, just now, and under a nonce. */
function isFresh(params: SignatureParameters): params is SignatureParameters & Fresh {
  const { created, expires, keyid, nonce } = params as Record<string, unknown>
  return (
    created instanceof Date &&
    Math.abs(Date.now() - created.getTime()) <= CLOCK_SECONDS * 1000 &&
    (expires === undefined || typeof expires === 'number') &&
    typeof keyid === 'string' &&
    UUID.test(keyid) &&
    typeof nonce === 'string' &&
    nonce.length > 0 &&
    nonce.length <= LONGEST_NONCE
  )
}
