// What a browser carries through a sign-in: sealed, so that it cannot be made up, and in cookies of its own, so that
// nobody finishes what somebody else has started.
import type { Context } from '../../context.ts'
import { originOf } from '../../ground/http/edge/origin.ts'
import { Problem } from '../../ground/http/problem.ts'
import { ALIAS_PREFIX, type Answering } from '../../ground/http/route.ts'
import { type Masters, type Sealing, sealing, UnreadableSecret } from '../../ground/secrets/sealing.ts'
import type { Attempt } from './provider.ts'

const SECONDS = 600
const STATE_COOKIE = 'trove_oidc'
const LINK_COOKIE = 'trove_oidc_link'
const PATHS = ['/v1/auth/oidc', `${ALIAS_PREFIX}/v1/auth/oidc`]
const PAGE = '/library'

const states = sealing('oidc state')
const tickets = sealing('oidc link')

/** A sign-in that has begun, and what is wanted of it. */
export interface Started extends Attempt {
  remember_me: boolean
  /** A path of the page. */
  return_to: string
}

/** Whom at the provider the account will be, once its password was given. */
export interface Link {
  issuer: string
  subject: string
  account_id: string
  remember_me: boolean
}

interface Asked {
  context: Context
  request: Request
  set: Answering
}

/** @param issuer a sign-in at another provider does not go on here */
export function keepStarted({ context, request, set }: Asked, issuer: string, started: Started): void {
  const sealed = seal(states, context.config, issuer, started)
  setCookie(context, request, set, STATE_COOKIE, sealed, SECONDS)
}

/** What was started in this browser within ten minutes. */
export const readStarted = ({ context, request }: Asked, issuer: string): Started | undefined =>
  open<Started>(states, context.config, issuer, readCookie(request, STATE_COOKIE))

export const forgetStarted = ({ context, request, set }: Asked): void =>
  setCookie(context, request, set, STATE_COOKIE, '', 0)

/**
 * Gives a ticket that counts in this browser alone: who signed in at the provider with somebody else's email could
 * otherwise let them give the password.
 */
export function giveTicket({ context, request, set }: Asked, link: Link): string {
  const browser = crypto.randomUUID()
  setCookie(context, request, set, LINK_COOKIE, browser, SECONDS)
  return seal(tickets, context.config, browser, link)
}

export function readTicket({ context, request }: Asked, ticket: string): Link | undefined {
  const browser = readCookie(request, LINK_COOKIE)
  return browser ? open<Link>(tickets, context.config, browser, ticket) : undefined
}

function seal<Held>(by: Sealing, keys: Masters, boundTo: string, held: Held): string {
  return by.seal(keys, [boundTo], JSON.stringify({ ...held, ends_at: Date.now() + SECONDS * 1000 }))
}

function open<Held>(
  by: Sealing,
  keys: Masters,
  boundTo: string,
  sealed: string | undefined,
): Held | undefined {
  if (!sealed) return undefined
  try {
    const { ends_at, ...held } = JSON.parse(by.open(keys, [boundTo], sealed))
    return ends_at > Date.now() ? held : undefined
  } catch (error) {
    if (error instanceof UnreadableSecret) return undefined
    throw error
  }
}

/** Lax, since the provider leads back from another site. */
function setCookie(
  { config }: Context,
  request: Request,
  set: Answering,
  name: string,
  value: string,
  seconds: number,
): void {
  const isSecure = [config.PUBLIC_URL!, originOf(request)].some(url => url.startsWith('https:'))
  const rest = `Max-Age=${seconds}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`
  const cookies = PATHS.map(path => `${name}=${value}; Path=${path}; ${rest}`)
  set.headers['set-cookie'] = [...((set.headers['set-cookie'] as string[] | undefined) ?? []), ...cookies]
}

function readCookie(request: Request, name: string): string | undefined {
  const pairs = (request.headers.get('cookie') ?? '').split(';').map(pair => pair.trim())
  return pairs.find(pair => pair.startsWith(`${name}=`))?.slice(name.length + 1)
}

/** Whether a person looks at the answer, and no program. */
export const isPage = ({ headers }: Request): boolean => headers.get('accept')?.includes('text/html') ?? false

export const wantsJson = (request: Request): boolean =>
  !isPage(request) && (request.headers.get('accept')?.includes('application/json') ?? false)

export const redirect = (location: string): Response =>
  new Response(null, { status: 302, headers: { location, vary: 'accept' } })

/** Leads to the page, which finds this behind the # of its address, where servers and their logs do not see it. */
export function toPage(name: string, value: string, returnTo = PAGE): Response {
  const more = returnTo === PAGE ? '' : `&return_to=${encodeURIComponent(returnTo)}`
  return redirect(`${PAGE}#${name}=${value}${more}`)
}

/** A refusal leads a person back to the page, which says it; a program gets it as it is. */
export async function refusing<T>(request: Request, work: () => Promise<T>): Promise<T | Response> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Problem && isPage(request)) return toPage('sign-in-error', error.error_code)
    throw error
  }
}
