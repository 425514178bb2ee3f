// The API as the page asks it: with the token, and with the ETag of what it already has.

import { sentenceOf } from './refusals.js'

const KEY = 'trove.session'
const MOST_KEPT = 60
/** How long a browser may take to begin with a file that it was given. */
const KEPT_MS = 60_000
/** path -> { etag, body } */
const kept = new Map()
let onSignedOut = () => {}

/** Where the browser keeps nothing, for as long as the page is open. */
let unkept = null

/** { token, refresh_token, email, role, renew_at } or null; what stands there and is no session of ours is none. */
export function session() {
  try {
    const own = JSON.parse(localStorage.getItem(KEY))
    if (typeof own.token === 'string' && typeof own.email === 'string') return own
  } catch {}
  return unkept
}

/** What a sign-in or a refresh has given. */
export function keepSession({ access_token, refresh_token, expires_in, user }) {
  kept.clear()
  const renew_at = Date.now() + (expires_in * 1000) / 2
  const own = { token: access_token, refresh_token, email: user.email, role: user.role, renew_at }
  try {
    localStorage.setItem(KEY, JSON.stringify(own))
  } catch {
    unkept = own
  }
}

/** @param why a sentence for the person, when it was not they who signed out */
export function dropSession(why) {
  kept.clear()
  unkept = null
  try {
    localStorage.removeItem(KEY)
  } catch {}
  onSignedOut(why)
}

/**
 * What to do when a token is no longer good: the session goes on by its refresh token, or ends.
 * @returns whether there is another token by now
 */
export async function endSession(token) {
  if (session()?.token === token) await renew(token)
  if (session() && session().token !== token) return true
  if (session()) dropSession('Your session has ended. Please sign in again.')
  return false
}

/** Ends the session on the server, too. */
export function signOut() {
  ask('POST', '/v1/auth/logout', undefined, { keepalive: true }).catch(() => {})
  dropSession()
}

/** Gets the next tokens, once for all tabs. A server that cannot be reached leaves things as they are. */
async function renew(token) {
  const inTurn = navigator.locks ? work => navigator.locks.request(KEY, work) : work => work()
  await inTurn(async () => {
    const { token: current, refresh_token } = session() ?? {}
    if (current !== token || !refresh_token) return
    const response = await fetch('/v1/auth/refresh', {
      method: 'POST',
      cache: 'no-store',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refresh_token }),
    }).catch(() => undefined)
    if (response?.ok) return keepSession(await response.json())
    if (response?.status === 401) dropSession('Your session has ended. Please sign in again.')
  })
}

/** Signed out here, or signed in or out in another tab. */
export const whenSignedOut = callback => {
  onSignedOut = callback
  addEventListener('storage', ({ key }) => {
    if (key !== KEY) return
    kept.clear()
    callback()
  })
}

/** What the API refused, and why, in words for a person. */
export class Refused extends Error {
  constructor(problem, status) {
    super(sentenceOf(problem, status))
    this.status = status
    this.problem = problem
  }
}

/**
 * Asks, with the session's token, which is renewed when it is old or has ended.
 * @returns a good answer, or that nothing has changed
 * @throws {Refused}
 */
async function answerTo(method, path, body, { isAgain = false, ...options } = {}) {
  const { token: before, renew_at, refresh_token } = session() ?? {}
  if (refresh_token && renew_at < Date.now()) await renew(before)
  const known = method === 'GET' ? kept.get(path) : undefined
  const token = session()?.token
  const response = await fetch(path, {
    ...options,
    method,
    cache: 'no-store',
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(known ? { 'if-none-match': known.etag } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  }).catch(() => {
    throw new Refused({}, 0)
  })
  if (response.ok || response.status === 304) return response
  const problem = await response.json().catch(() => ({}))
  const isOver = response.status === 401 && token && problem.error_code === 'UNAUTHORIZED'
  if (isOver && !isAgain && (await endSession(token))) {
    return answerTo(method, path, body, { ...options, isAgain: true })
  }
  if (problem.error_code === 'PASSWORD_CHANGE_REQUIRED') location.hash = '#/account'
  throw new Refused(problem, response.status)
}

/**
 * Asks and gives the answer's body. The same object as before when nothing has changed (304).
 * @param options for `fetch`, such as keepalive
 * @throws {Refused}
 */
export async function ask(method, path, body, options) {
  const response = await answerTo(method, path, body, options)
  if (response.status === 304) return kept.get(path).body
  if (response.status === 204) return null
  const answer = await response.json().catch(() => ({}))
  const etag = response.headers.get('etag')
  if (method === 'GET' && etag) keep(path, { etag, body: answer })
  return answer
}

/** Hands a file to the person: by fetch, since a link would bring no token. @throws {Refused} */
export async function download(path) {
  const response = await answerTo('GET', path)
  const [, name = 'trove'] =
    /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '') ?? []
  const address = URL.createObjectURL(await response.blob())
  Object.assign(document.createElement('a'), { href: address, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS)
}

export const get = path => ask('GET', path)

/** The oldest goes first. */
function keep(path, answer) {
  kept.delete(path)
  kept.set(path, answer)
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value)
}
