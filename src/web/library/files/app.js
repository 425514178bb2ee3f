// The page: who is signed in, which view the address names, and when it is drawn anew.
import { account } from './account/account.js'
import { arrive, partsOf, place, settle } from './address.js'
import { admin } from './admin/admin.js'
import { session, signOut, whenSignedOut } from './api.js'
import { cluster, clusters } from './clusters.js'
import { byId, el, focusOn, keyOf } from './dom.js'
import { grouped } from './grouped.js'
import { itemDialog } from './item.js'
import { all, archive, category, favourites } from './lists.js'
import { live } from './live.js'
import { map } from './map.js'
import { notices } from './notices.js'
import { finishRemovals, whenRemoved } from './removal.js'
import { saveForm } from './save-form.js'
import { search, searchForm } from './search.js'
import { shortcuts } from './shortcuts.js'
import { signInForm } from './sign-in.js'
import { scrollKept } from './steady.js'
import { waitingList } from './waiting.js'

/** The first part of the address and, where a second part is needed, the view for it. */
const VIEWS = {
  '': [grouped],
  all: [all],
  favourites: [favourites],
  archive: [archive],
  groups: [clusters, cluster],
  map: [map],
  category: [null, category],
  search: [null, search],
  account: [account],
  admin: [admin, admin],
}
/** A view that comes sooner needs no word that it is on its way. */
const SOON_MS = 150

const main = byId('main')
const root = byId('view')
let shown = {}
let drawings = 0
/** Where the address leads to, until it is drawn. */
let arrival
let isAtItem = false
let viewTitle = 'Trove'
let unfail = () => {}

const item = itemDialog(draw, () => isAtItem)
const waiting = waitingList(draw)
const signIn = signInForm(() => {
  enter()
  main.focus()
})
const saving = saveForm(
  saved => {
    waiting.add(saved)
    if (saved.content.status === 'READY') stream.refresh()
  },
  () => {
    loadWaiting()
    stream.refresh()
  },
)
const stream = live({ waiting, saving, item, loadWaiting, draw: () => draw({ isLive: true }) })

function current() {
  const [name = '', ...params] = partsOf(arrival.view)
  const [list, one] = Object.hasOwn(VIEWS, name) ? VIEWS[name] : []
  return { view: (params[0] ? one : list) ?? nowhere, params }
}

const nowhere = {
  title: 'Not found',
  load: async () => ({}),
  draw: () => [
    el(
      'div',
      { class: 'empty' },
      el('h2', {}, 'There is nothing at this address'),
      el('p', {}, el('a', { href: '#/' }, 'To your library')),
    ),
  ],
}

/**
 * Draws the view that the address names; nothing, when it is drawn and its data has not changed, and what is out of
 * sight and what is in it have not either.
 * @param isLive not asked for by the reader
 */
async function draw({ isLive = false } = {}) {
  if (!session()) return
  const { view, params } = current()
  const isNew = shown.view !== view || String(shown.params) !== String(params)
  if (isLive && !isNew && view.isSnapshot) return
  const drawing = ++drawings
  markTab(view)
  main.setAttribute('aria-busy', 'true')
  const soon = isNew && setTimeout(() => drawing === drawings && replace(() => [loading()]), SOON_MS)
  try {
    const data = await view.load(params, place().count)
    // Another was asked for meanwhile.
    if (drawing !== drawings) return
    unfail()
    if (isLive && !isNew && shown.data === data) return
    // What somebody is writing stays; the form's end draws anew.
    if (!isNew && root.querySelector('form')) return
    const title = typeof view.title === 'string' ? view.title : view.title(data, params)
    shown = { view, params, data }
    const make = () => view.draw(data, { params, changed: draw }).filter(Boolean)
    if (isNew) replace(make)
    else scrollKept(root, () => replace(make))
    reach(title)
  } catch (refused) {
    if (drawing !== drawings || !session()) return
    if (!isNew) unfail = notices.fail(refused.message, draw)
    else {
      shown = {}
      const isMissing = view.missing && (refused.status === 404 || refused.status === 422)
      replace(() => [fault(isMissing ? view.missing : refused.message, !isMissing)])
      reach(isMissing ? 'Not found' : 'Not loaded')
    }
  } finally {
    clearTimeout(soon)
    if (drawing === drawings) main.removeAttribute('aria-busy')
  }
}

/** What has the focus keeps it, or hands it to the view. */
function replace(make) {
  const { activeElement } = document
  const wasHere = root.contains(activeElement)
  root.replaceChildren(...make())
  if (wasHere) focusOn(keyOf(activeElement))
}

const loading = () => el('p', { class: 'empty', role: 'status' }, 'Loading …')

const fault = (text, mayTryAgain) =>
  el(
    'div',
    { class: 'empty', role: 'alert' },
    el('p', { class: 'error' }, text),
    mayTryAgain
      ? el('button', { type: 'button', class: 'second', onclick: () => draw() }, 'Try again')
      : el('p', {}, el('a', { href: '#/' }, 'To your library')),
  )

function markTab({ tab }) {
  for (const link of document.querySelectorAll('.tabs a')) {
    if (link.dataset.view === tab) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
}

/** Puts the reader where the address leads: to the beginning, or to where they were. */
function reach(title) {
  viewTitle = `${title} · Trove`
  if (!isAtItem) document.title = viewTitle
  const { isKnown, isDone, isFirst } = arrival
  if (isDone) return
  arrival.isDone = true
  const { y = 0, key } = place()
  scrollTo({ top: isKnown ? y : 0, behavior: 'instant' })
  if (!isAtItem && !isFirst) {
    if (isKnown && key) focusOn(key, true)
    else main.focus({ preventScroll: true })
  }
  settle()
}
root.addEventListener('focusin', ({ target }) => {
  place().key = keyOf(target)
})

function go({ hash, isFirst = false } = {}) {
  const before = arrival?.view
  const reached = arrive(hash)
  if (!reached) return
  const { item: id, ...entry } = reached
  const isReturn = before === entry.view && shown.view !== undefined
  isAtItem = id !== undefined
  arrival = { ...entry, isFirst, isDone: isReturn }
  const [name, q] = partsOf(entry.view)
  byId('q').value = name === 'search' ? q : ''
  if (isAtItem) item.open(id)
  else item.close()
  if (!isReturn) return draw()
  if (!isAtItem) document.title = viewTitle
  settle()
}

function loadWaiting() {
  waiting.load().catch(refused => notices.fail(refused.message, loadWaiting))
}

function enter() {
  const known = session()
  byId('skip').hidden = known === null
  byId('welcome').hidden = known !== null
  byId('library').hidden = known === null
  byId('account').hidden = known === null
  stream.stop()
  saving.clear()
  shown = {}
  root.replaceChildren()
  if (!known) {
    document.title = 'Sign in · Trove'
    return
  }
  byId('email').textContent = known.email
  byId('to-admin').hidden = known.role !== 'admin'
  go({ isFirst: true })
  loadWaiting()
  stream.start()
}

whenRemoved(() => {
  waiting.draw()
  return draw()
})
searchForm()
shortcuts(() => session() !== null)
whenSignedOut(why => {
  waiting.clear()
  item.close()
  enter()
  if (!session()) signIn.show(why)
})
byId('sign-out').addEventListener('click', () => {
  finishRemovals()
  signOut()
})
// An address of the page's own is not a view: the skip link leads into it.
byId('skip').addEventListener('click', event => {
  event.preventDefault()
  main.focus()
})
addEventListener('hashchange', ({ newURL }) => {
  if (!signIn.arrive() && session()) go({ hash: new URL(newURL).hash })
})
const isArrival = signIn.arrive()
enter()
if (!isArrival && !session()) signIn.show()
