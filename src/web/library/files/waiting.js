// What is still being read, with how far it is; and what could not be read, with why.
import { ask, get } from './api.js'
import { titleOf } from './card.js'
import { byId, el, plural } from './dom.js'
import { notices } from './notices.js'
import { isRemoved, remove } from './removal.js'

const STAGES = {
  queued: 'Waiting',
  fetching: 'Reading',
  understanding: 'Understanding',
  embedding: 'Finding its place',
}
const MOST_SHOWN = 5
/** More of them would push the library out of sight. */
const MOST_FAILED_OPEN = 2

const UNKNOWN = 'It could not be read.'

/** @param onChange called when something is read again */
export function waitingList(onChange) {
  const root = byId('waiting')
  const reading = el('div')
  const failed = el('details')
  root.append(reading, failed)
  let failedDrawn
  /** save id -> { id, title, progress, stage, error } */
  const items = new Map()

  const put = ({ save, content }, reason) => {
    if (content.status === 'READY') return
    const error = content.status === 'FAILED' ? (reason ?? UNKNOWN) : null
    const known = items.get(save.id)
    items.set(save.id, {
      progress: 5,
      stage: 'queued',
      ...known,
      id: save.id,
      title: titleOf(content),
      error,
    })
  }

  async function load() {
    const [{ jobs }, ...pages] = await Promise.all([
      get('/v1/jobs?status=FAILED&type=fetch-content&limit=100'),
      ...['PROCESSING', 'PENDING', 'FAILED'].map(status => get(`/v1/items?status=${status}&limit=100`)),
    ])
    // The newest job comes first, and its word counts.
    const reasons = new Map(jobs.map(({ links, error_message }) => [links.item, error_message]).reverse())
    items.clear()
    for (const { items: list } of pages) {
      for (const item of list) put(item, reasons.get(`/v1/items/${item.save.id}`))
    }
    draw()
  }

  /** A clearer word from the stream. */
  function hear(type, { save_id, title, url, stage, progress, error_message }) {
    if (type === 'content.ready') items.delete(save_id)
    else {
      const known = items.get(save_id) ?? { id: save_id, progress: 5, stage: 'queued' }
      const error = type === 'content.failed' ? (error_message ?? UNKNOWN) : null
      items.set(save_id, {
        ...known,
        title: titleOf({ title, url }),
        stage: stage ?? known.stage,
        progress: progress ?? known.progress,
        error,
      })
    }
    draw()
  }

  function draw() {
    const list = [...items.values()]
      .filter(({ id }) => !isRemoved(id))
      .sort((a, b) => b.progress - a.progress)
    root.hidden = list.length === 0
    drawReading(list.filter(({ error }) => !error))
    drawFailed(list.filter(({ error }) => error))
  }

  function drawReading(list) {
    const more = list.length - MOST_SHOWN
    reading.hidden = list.length === 0
    reading.replaceChildren(
      el('h2', {}, `Reading ${list.length}`),
      el('ul', {}, ...list.slice(0, MOST_SHOWN).map(readingLine)),
      ...(more > 0 ? [el('p', { class: 'stage' }, `and ${plural(more, 'other')}`)] : []),
    )
  }

  /** Only when they have changed: their buttons are not taken from under a finger, nor the focus from them. */
  function drawFailed(list) {
    const drawn = JSON.stringify(list.map(({ id, title, error }) => [id, title, error]))
    if (drawn === failedDrawn) return
    if (!failed.querySelector('li')) failed.open = list.length <= MOST_FAILED_OPEN
    failedDrawn = drawn
    const wasHere = failed.contains(document.activeElement)
    const at = [...failed.querySelectorAll('button')].indexOf(document.activeElement)
    failed.hidden = list.length === 0
    failed.replaceChildren(
      el('summary', {}, `${list.length} could not be read`),
      el('ul', {}, ...list.map(failedLine)),
    )
    if (!wasHere) return
    const buttons = [...failed.querySelectorAll('button')]
    ;(buttons[at] ?? buttons.at(-1) ?? byId('main')).focus({ preventScroll: true })
  }

  const readingLine = ({ title, progress, stage }) =>
    el(
      'li',
      {},
      el('span', { class: 'name', dir: 'auto' }, title),
      el('span', { class: 'stage' }, STAGES[stage] ?? stage),
      el('progress', { max: 100, value: progress, 'aria-label': title }),
    )

  const failedLine = ({ id, title, error }) =>
    el(
      'li',
      { class: 'failed' },
      el('span', { class: 'name', dir: 'auto', title }, title),
      el('span', { class: 'stage' }, error),
      el(
        'button',
        { type: 'button', class: 'quiet', onclick: () => readAgain(id) },
        'Try again',
        el('span', { class: 'hidden' }, `: ${title}`),
      ),
      el(
        'button',
        { type: 'button', class: 'quiet', onclick: () => remove(id, title) },
        'Remove',
        el('span', { class: 'hidden' }, `: ${title}`),
      ),
    )

  async function readAgain(id) {
    try {
      await ask('POST', `/v1/items/${id}/reprocess`)
      await load()
    } catch (refused) {
      notices.fail(refused.message, () => readAgain(id))
    }
    onChange()
  }

  function clear() {
    items.clear()
    draw()
  }

  const add = item => {
    put(item)
    draw()
  }
  return { load, hear, add, clear, draw }
}
