// What an address of the page names, and where a reader was in each entry of the browser's history.

history.scrollRestoration = 'manual'

const KEY = 'trove.places'
const MOST_KEPT = 50

/** The parts of a hash, decoded. What is no percent-encoding stays as it is. */
export const partsOf = hash =>
  hash
    .replace(/^#\/?/, '')
    .split('/')
    .map(part => {
      try {
        return decodeURIComponent(part)
      } catch {
        return part
      }
    })

export const addressOf = (...parts) => `#/${parts.map(encodeURIComponent).join('/')}`
export const itemAddress = id => addressOf('item', id)

/** id of an entry of a view -> { y, key, count }: how far it was scrolled, what had the focus, how much was shown. */
const places = new Map(readPlaces())
let isMoving = true
let last
/** Until the browser has gone back from an item: when that was asked for, and where the reader went on to meanwhile. */
let leaving
/** It goes back within this time, or not at all. */
const LONGEST_LEAVING_MS = 1500

function readPlaces() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? []
  } catch {
    return []
  }
}
addEventListener('pagehide', () => {
  try {
    sessionStorage.setItem(KEY, JSON.stringify([...places].slice(-MOST_KEPT)))
  } catch {}
})

const newId = () => `${Date.now()}-${Math.random()}`

/**
 * To be called whenever the address is another, with the hash that the browser told of; it may have gone on since. An item lies over a view: the one that it was opened from.
 * @returns {{ isKnown: boolean, item: string | undefined, view: string }} whether the reader comes back to this entry,
 *   the id of the item, and the hash of the view. Undefined: this is a place that nobody wants to be at.
 */
export function arrive(hash = location.hash) {
  const isKnown = Boolean(history.state?.id)
  if (isAstray(hash, isKnown)) return
  isMoving = true
  if (!isKnown) history.replaceState(newState(), '')
  last = history.state
  return { isKnown, item: itemOf(location.hash), view: last.view.hash }
}

/**
 * Going back takes a moment: who goes on meanwhile is carried off to where browsers differ about, and is led again to
 * where they went.
 */
function isAstray(hash, isKnown) {
  if (!leaving || performance.now() - leaving.since > LONGEST_LEAVING_MS) {
    leaving = undefined
    return false
  }
  const isPast = hash !== location.hash
  if (isPast || !isKnown) {
    leaving.wanted = hash
    return isPast
  }
  const { wanted } = leaving
  leaving = undefined
  if (wanted !== undefined) location.hash = wanted
  return wanted !== undefined
}

function itemOf(hash) {
  const [name, id] = partsOf(hash)
  return name === 'item' && id ? id : undefined
}

function newState() {
  const id = newId()
  if (itemOf(location.hash) === undefined) return { id, view: { id, hash: location.hash || '#/' }, depth: 0 }
  // An item that the page began with has no view to go back to.
  if (!last) return { id, view: { id: newId(), hash: '#/' }, depth: null }
  return { id, view: last.view, depth: last.depth === null ? null : last.depth + 1 }
}

/** From an item to its view. */
export function leaveItem() {
  if (last.depth === null) {
    location.hash = last.view.hash
    return
  }
  leaving = { since: performance.now() }
  history.go(-last.depth)
}

/** What is known of the view that is shown. */
export function place() {
  const { id } = last.view
  if (!places.has(id)) places.set(id, {})
  return places.get(id)
}

/** The view stands where it is to stand: from here on it is the reader who scrolls. */
export function settle() {
  isMoving = false
}
addEventListener(
  'scroll',
  () => {
    if (!isMoving) place().y = scrollY
  },
  { passive: true },
)
