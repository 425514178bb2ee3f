// What a point of the map says of itself: its picture, its title and its group.
import { get } from './api.js'
import { thumbnail } from './card.js'
import { el } from './dom.js'

/** Passing over a point asks for nothing. */
const STAY_MS = 150

/** @param nameOf gives the label of a group */
export function pointCard(nameOf) {
  // What it says is the name of the point, too.
  const node = el('div', { class: 'tip', 'aria-hidden': 'true', hidden: true })
  const find = finder()
  let shown
  let staying

  function show(point, { width }) {
    if (shown === point) return
    clearTimeout(staying)
    shown = point
    node.hidden = !point
    if (!point) return
    const picture = el('span', {}, thumbnail({}))
    node.replaceChildren(
      picture,
      el('strong', { dir: 'auto' }, titleOf(point)),
      el('span', { class: 'in', dir: 'auto' }, nameOf(point.cluster_id)),
    )
    const half = node.offsetWidth / 2
    const isAbove = point.y > node.offsetHeight + 24
    node.style.left = `${Math.min(Math.max(point.x, half + 4), width - half - 4)}px`
    node.style.top = `${isAbove ? point.y - node.offsetHeight - 16 : point.y + 18}px`
    staying = setTimeout(async () => {
      const content = await find(point).catch(() => undefined)
      if (content && shown === point) picture.replaceChildren(thumbnail(content, 160))
    }, STAY_MS)
  }
  return { node, show }
}

export const titleOf = ({ title }) => title ?? 'Untitled'

const A_GROUP = 100

/** The contents of points: a group's at once, a single one by its title. Reading the item itself would count as a view. */
function finder() {
  const known = new Map()
  const asked = new Map()
  const ask = path => {
    if (!asked.has(path)) {
      asked.set(
        path,
        get(path).then(({ items }) => {
          for (const { save, content } of items) known.set(save.id, content)
        }),
      )
    }
    return asked.get(path)
  }
  return async ({ save_id, cluster_id, title }) => {
    if (cluster_id && !known.has(save_id)) {
      await ask(`/v1/clusters/${cluster_id}?limit=${A_GROUP}&sort_by=similarity&sort_order=desc`)
    }
    if (title && !known.has(save_id)) {
      await ask(`/v1/items?limit=5&search=${encodeURIComponent(title.slice(0, 100))}`)
    }
    return known.get(save_id)
  }
}
