// The API as the page asks it: with the token, and with the ETag of what it already has.

import { sentenceOf } from './refusals.js'

const KEY = 'trove.session'
const MOST_KEPT = 60
/** path -> { etag, body } */
const kept = new Map()
let onSignedOut = () => {}

/** Where the browser keeps nothing, for as long as the page is open. */
let unkept = null

/** { token, email } or null; what stands there and is no session of ours is none. */
export function session() {
  try {
    const { token, email } = JSON.parse(localStorage.getItem(KEY))
    if (typeof token === 'string' && typeof email === 'string') return { token, email }
  } catch {}
  return unkept
}

export function keepSession({ access_token, user }) {
  kept.clear()
  const own = { token: access_token, email: user.email }
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

/** Drops the session that this token belongs to, unless there is another by now. */
export function endSession(token) {
  if (session()?.token === token) dropSession('Your session has ended. Please sign in again.')
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
 * Asks and gives the answer's body. The same object as before when nothing has changed (304).
 * @param options for `fetch`, such as keepalive
 * @throws {Refused}
 */
export async function ask(method, path, body, options = {}) {
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
  if (response.status === 304) return known.body
  if (response.status === 204) return null
  const answer = await response.json().catch(() => ({}))
  if (!response.ok) {
    if (response.status === 401 && token) endSession(token)
    throw new Refused(answer, response.status)
  }
  const etag = response.headers.get('etag')
  if (method === 'GET' && etag) keep(path, { etag, body: answer })
  return answer
}

export const get = path => ask('GET', path)

/** The oldest goes first. */
function keep(path, answer) {
  kept.delete(path)
  kept.set(path, answer)
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value)
}
