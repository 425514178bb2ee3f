// The API as the page asks it: with the token, and with the ETag of what it already has.

const KEY = 'trove.session'
const MOST_KEPT = 60
/** path -> { etag, body } */
const kept = new Map()
let onSignedOut = () => {}

/** { token, email } or null. */
export const session = () => JSON.parse(localStorage.getItem(KEY) ?? 'null')

export function keepSession({ access_token, user }) {
  kept.clear()
  localStorage.setItem(KEY, JSON.stringify({ token: access_token, email: user.email }))
}

/** @param why a sentence for the person, when it was not they who signed out */
export function dropSession(why) {
  kept.clear()
  localStorage.removeItem(KEY)
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

/** What the API refused, in its own words. */
export class Refused extends Error {
  constructor(problem, status) {
    const fields = (problem.field_errors ?? []).map(({ loc, msg }) => `${loc.at(-1)} ${msg}`)
    super([problem.detail ?? 'Something went wrong', ...fields].join(': '))
    this.status = status
    this.problem = problem
  }
}

/**
 * Asks and gives the answer's body. The same object as before when nothing has changed (304).
 * @throws {Refused} with the problem's own sentence
 */
export async function ask(method, path, body) {
  const known = method === 'GET' ? kept.get(path) : undefined
  const token = session()?.token
  const response = await fetch(path, {
    method,
    cache: 'no-store',
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(known ? { 'if-none-match': known.etag } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  }).catch(() => {
    throw new Refused({ detail: 'The server cannot be reached. Check your connection.' }, 0)
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
