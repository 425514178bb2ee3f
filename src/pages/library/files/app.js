// The page: who is signed in, which view the address names, and when it is drawn anew.
import { dropSession, session, whenSignedOut } from './api.js'
import { cluster, clusters } from './clusters.js'
import { announce, byId, el } from './dom.js'
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

const main = byId('main')
let shown = {}
let drawings = 0
let stopFollowing = () => {}
let later

const open = itemDialog(() => refresh())
const waiting = waitingList(() => refresh())

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
    shown = { view, params, data }
    document.title = `${view.title} · Trove`
    const focused = main.contains(document.activeElement) ? document.activeElement.dataset.key : undefined
    main.replaceChildren(...view.draw(data, { open, params }).filter(Boolean))
    if (focused) main.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus()
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

function enter() {
  const known = session()
  byId('welcome').hidden = known !== null
  byId('library').hidden = known === null
  byId('account').hidden = known === null
  stopFollowing()
  shown = {}
  main.replaceChildren()
  if (!known) return
  byId('email').textContent = known.email
  draw()
  waiting.load().catch(refused => announce(refused.message))
  let wasLost = false
  stopFollowing = follow(hear, isOpen => {
    byId('live').textContent = isOpen ? 'Live' : 'Reconnecting …'
    byId('live').dataset.open = isOpen
    if (isOpen && wasLost) {
      waiting.load().catch(() => {})
      refresh()
    }
    wasLost = !isOpen
  })
}

signInForm(enter)
saveForm(
  saved => {
    waiting.add(saved)
    if (saved.content.status === 'READY') refresh()
  },
  id => open(id),
)
searchForm()
whenSignedOut(enter)
byId('sign-out').addEventListener('click', dropSession)
// An address of the page's own is not a view: the skip link leads into it.
document.querySelector('.skip').addEventListener('click', event => {
  event.preventDefault()
  main.focus()
})
addEventListener('hashchange', () => {
  draw().then(() => main.focus({ preventScroll: true }))
  scrollTo(0, 0)
})
enter()
