// What is still being read, with how far it is; and what could not be read, with why.
import { ask, get } from './api.js'
import { titleOf } from './card.js'
import { byId, el } from './dom.js'

const STAGES = { queued: 'Waiting', understanding: 'Understanding', embedding: 'Finding its place' }
const MOST_SHOWN = 5

/** @param onChange called when something was removed, or is read again */
export function waitingList(onChange) {
  const root = byId('waiting')
  /** save id -> { id, title, progress, stage, error } */
  const items = new Map()

  const put = ({ save, content }) => {
    if (content.status === 'READY') return
    const error = content.status === 'FAILED' ? (content.error_message ?? 'It could not be read.') : null
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
    const pages = await Promise.all(
      ['PROCESSING', 'PENDING', 'FAILED'].map(status => get(`/v1/items?status=${status}&limit=100`)),
    )
    items.clear()
    for (const { items: list } of pages) for (const item of list) put(item)
    draw()
  }

  /** A clearer word from the stream. */
  function hear(type, { save_id, title, url, stage, progress, error_message }) {
    if (type === 'content.ready') items.delete(save_id)
    else {
      const known = items.get(save_id) ?? { id: save_id, progress: 5, stage: 'queued' }
      const error = type === 'content.failed' ? (error_message ?? 'It could not be read.') : null
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
    const list = [...items.values()].sort((a, b) => b.progress - a.progress)
    const reading = list.filter(({ error }) => !error)
    const failed = list.filter(({ error }) => error)
    root.hidden = list.length === 0
    root.replaceChildren(
      ...(reading.length > 0 ? [el('h2', {}, `Reading ${reading.length}`)] : []),
      el(
        'ul',
        {},
        ...reading.slice(0, MOST_SHOWN).map(readingLine),
        ...failed.slice(0, MOST_SHOWN).map(failedLine),
      ),
    )
  }

  const readingLine = ({ title, progress, stage }) =>
    el(
      'li',
      {},
      el('span', { class: 'name' }, title),
      el('span', { class: 'stage' }, STAGES[stage] ?? stage),
      el('progress', { max: 100, value: progress, 'aria-label': title }),
    )

  const failedLine = ({ id, title, error }) =>
    el(
      'li',
      { class: 'failed' },
      el('span', { class: 'name' }, title),
      el('span', { class: 'stage' }, error),
      el(
        'button',
        { type: 'button', class: 'quiet', onclick: () => change(id, 'POST', '/reprocess') },
        'Try again',
      ),
      el('button', { type: 'button', class: 'quiet', onclick: () => change(id, 'DELETE', '') }, 'Remove'),
    )

  async function change(id, method, path) {
    await ask(method, `/v1/items/${id}${path}`).catch(() => {})
    await load()
    onChange()
  }

  const add = item => {
    put(item)
    draw()
  }
  return { load, hear, add }
}
