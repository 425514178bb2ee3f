// The signature of a request as RFC 9421 has it: which secret made it, and what it covers. What it must cover, and how old
// it may be, says `signed-request.ts`.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { httpbis, type SignatureParameters } from 'http-message-signatures'

const ALGORITHM = 'hmac-sha256'
/** Of `Signature-Input`, in characters: ours name four things, and each costs a look at all headers. */
const LONGEST_INPUT = 4096

const isSignedWith = (secret: string | Uint8Array, base: Buffer, signature: Buffer): boolean => {
  const expected = createHmac('sha256', secret).update(base).digest()
  return expected.length === signature.length && timingSafeEqual(expected, signature)
}

/** The components of a signature's base, each as it stands there, such as `"@method"`; undefined when one is there twice. */
function componentsOf(base: Buffer): Set<string> | undefined {
  const lines = base.toString().split('\n').slice(0, -1)
  const names = new Set(lines.map(line => line.slice(0, line.indexOf(': '))))
  return names.size === lines.length ? names : undefined
}

/**
 * What the request's signature covers; undefined where it has none, more than one, or one that is not good.
 * @param secretsOf with which the signature of these parameters may have been made; undefined for none
 */
export async function readSignature(
  { method, url, headers }: Request,
  secretsOf: (params: SignatureParameters) => Promise<(string | Uint8Array)[] | undefined>,
): Promise<Set<string> | undefined> {
  if ((headers.get('signature-input') ?? '').length > LONGEST_INPUT) return undefined
  let covered: Set<string> | undefined
  let failure: unknown
  let count = 0
  const keyLookup = async (params: SignatureParameters) => {
    if (++count > 1) throw new Error('A request has one signature')
    const secrets = await secretsOf(params).catch(error => {
      failure = error
    })
    if (!secrets) return null
    const verify = async (base: Buffer, signature: Buffer) => {
      covered = componentsOf(base)
      return secrets.filter(secret => isSignedWith(secret, base, signature)).length > 0
    }
    return { algs: [ALGORITHM], verify }
  }
  const message = { method, url: new URL(url), headers: Object.fromEntries(headers) }
  // Whatever the package throws is a signature that is not good. How old one may be is none of its business.
  const isGood = await httpbis
    .verifyMessage({ keyLookup, notAfter: Number.POSITIVE_INFINITY }, message as never)
    .catch(() => false)
  if (failure) throw failure
  return isGood ? covered : undefined
}
