import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { FetchError, UNREACHABLE } from '../fetch-error.ts'
import { isPublicAddress } from './vet-address.ts'

/** All addresses of a name, of both families. Rejects with a `code` such as ENOTFOUND. */
export type Resolve = (name: string) => Promise<string[]>

/** Asks the system, so that /etc/hosts and search domains count as they do for everything else on the machine. */
export const resolveBySystem: Resolve = async name => {
  const found = await lookup(name, { all: true })
  return found.map(({ address }) => address)
}

const NO_SUCH_NAME = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME'])

/**
 * The addresses of `url`'s host, IPv4 first. Unless `anyAddress`, all must be public: one private record refuses the
 * name. A name that does not exist is refused alike, so that nobody can tell the two apart.
 * @throws {FetchError} `refused`, or `network` when the name could not be resolved now.
 */
export async function findAddresses(url: URL, resolve: Resolve, anyAddress: boolean): Promise<string[]> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const found = isIP(host) ? [host] : await resolve(host).catch((error: unknown) => unresolved(error, url))
  const usable = anyAddress ? found.every(address => isIP(address)) : found.every(isPublicAddress)
  if (found.length === 0 || !usable) throw new FetchError('refused', url, UNREACHABLE)
  return found.toSorted((a, b) => isIP(a) - isIP(b))
}

function unresolved(error: unknown, url: URL): never {
  const missing = error instanceof Error && 'code' in error && NO_SUCH_NAME.has(String(error.code))
  throw new FetchError(missing ? 'refused' : 'network', url, UNREACHABLE)
}
