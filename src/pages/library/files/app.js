// The page: who is signed in, which view the address names, and when it is drawn anew.
import { dropSession, session, whenSignedOut } from './api.js'
import { cluster, clusters } from './clusters.js'
import { announce, byId, el, focusOn } from './dom.js'
import { follow } from './events.js'
import { category, grouped } from './grouped.js'
import { itemDialog } from './item.js'
import { map } from './map.js'
import { saveForm } from './save-form.js'
import { search, searchForm } from './search.js'
import { signInForm } from './sign-in.js'
import { waitingList } from './waiting.js'

/** The first part of the address and, where a second part is needed, the view for it. */
const VIEWS = {
  '': [grouped],
  groups: [clusters, cluster],
  map: [map],
  category: [null, category],
  search: [null, search],
}
const TABS = new Map([
  [category, 'grouped'],
  [grouped, 'grouped'],
  [clusters, 'clusters'],
  [cluster, 'clusters'],
  [map, 'map'],
])
/** Many saves become READY at once; each would draw the page anew. */
const BETWEEN_DRAWINGS_MS = 3000
/** A stream that comes back within this time was never away. */
const CALM_MS = 1500

const main = byId('main')
let shown = {}
let drawings = 0
let stopFollowing = () => {}
let later

// What a person did themselves is shown at once.
const open = itemDialog(() => draw())
const waiting = waitingList(() => draw())
const signIn = signInForm(() => {
  enter()
  main.focus()
})

function current() {
  const [name = '', ...params] = location.hash.replace(/^#\/?/, '').split('/')
  const [list, one] = VIEWS[name] ?? VIEWS['']
  const view = (params[0] ? one : list) ?? grouped
  return { view, params: params.map(decodeURIComponent) }
}

/** Draws the view that the address names; nothing, when it is drawn and its data has not changed. */
async function draw() {
  if (!session()) return
  const { view, params } = current()
  const isNew = shown.view !== view || String(shown.params) !== String(params)
  const drawing = ++drawings
  for (const tab of document.querySelectorAll('.tabs a')) {
    const isCurrent = tab.dataset.view === TABS.get(view)
    if (isCurrent) tab.setAttribute('aria-current', 'page')
    else tab.removeAttribute('aria-current')
  }
  main.setAttribute('aria-busy', 'true')
  try {
    const data = await view.load(params)
    // Another was asked for meanwhile.
    if (drawing !== drawings || (!isNew && shown.data === data)) return
    // What somebody is writing stays; the form's end draws anew.
    if (!isNew && main.querySelector('form')) return
    shown = { view, params, data }
    document.title = `${view.title} · Trove`
    const focused = main.contains(document.activeElement) ? document.activeElement.dataset.key : undefined
    main.replaceChildren(...view.draw(data, { open, params, changed: draw }).filter(Boolean))
    if (focused) focusOn(focused)
  } catch (refused) {
    if (drawing !== drawings || !session()) return
    if (isNew) main.replaceChildren(el('p', { class: 'empty error', role: 'alert' }, refused.message))
    else announce(refused.message)
    shown = {}
  } finally {
    main.removeAttribute('aria-busy')
  }
}

/** At once, and then not again for a while. */
function refresh() {
  if (later) {
    later.again = true
    return
  }
  later = { again: false }
  draw()
  setTimeout(() => {
    const { again } = later
    later = undefined
    if (again) refresh()
  }, BETWEEN_DRAWINGS_MS)
}

function hear(type, data) {
  if (type === 'events.dropped') return catchUp()
  if (type === 'clusters.updated') {
    announce(`${data.cluster_count} groups.`)
    return refresh()
  }
  waiting.hear(type, data)
  if (type === 'job.progress') return
  announce(
    type === 'content.ready'
      ? `${data.title ?? 'An item'} is ready.`
      : `${data.title ?? data.url} could not be read.`,
  )
  refresh()
}

/** What the stream did not tell. */
function catchUp() {
  waiting.load().catch(() => {})
  refresh()
}

function enter() {
  const known = session()
  byId('skip').hidden = known === null
  byId('welcome').hidden = known !== null
  byId('library').hidden = known === null
  byId('account').hidden = known === null
  stopFollowing()
  stopFollowing = () => {}
  shown = {}
  main.replaceChildren()
  if (!known) return
  byId('email').textContent = known.email
  draw()
  waiting.load().catch(refused => announce(refused.message))
  let wasLost = false
  let losing
  const say = isOpen => {
    byId('live').textContent = isOpen ? 'Live' : 'Reconnecting …'
    byId('live').dataset.open = isOpen
  }
  const stop = follow(hear, isOpen => {
    clearTimeout(losing)
    if (isOpen) say(true)
    else losing = setTimeout(say, CALM_MS, false)
    if (isOpen && wasLost) catchUp()
    wasLost = !isOpen
  })
  stopFollowing = () => {
    stop()
    clearTimeout(losing)
    byId('live').textContent = ''
  }
}

saveForm(
  saved => {
    waiting.add(saved)
    if (saved.content.status === 'READY') refresh()
  },
  id => open(id),
)
searchForm()
whenSignedOut(why => {
  waiting.clear()
  byId('item').close()
  enter()
  if (!session()) signIn.show(why)
})
byId('sign-out').addEventListener('click', () => dropSession())
// An address of the page's own is not a view: the skip link leads into it.
byId('skip').addEventListener('click', event => {
  event.preventDefault()
  main.focus()
})
addEventListener('hashchange', () => {
  draw().then(() => main.focus({ preventScroll: true }))
  scrollTo(0, 0)
})
enter()
