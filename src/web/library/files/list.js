// Lists that come page by page.
import { place } from './address.js'
import { get } from './api.js'
import { el } from './dom.js'

export const A_PAGE = 48

let last

/**
 * Reads a list as far as it was shown, and at least a page.
 * @param path with a query
 * @param take gives the items of an answer
 * @returns the same object as before, when nothing has changed
 */
export async function readList(path, take, count = 0) {
  const bodies = []
  let next
  do {
    bodies.push(await get(next ? `${path}&cursor=${encodeURIComponent(next)}` : path))
    next = bodies.at(-1).next_cursor
  } while (next && bodies.flatMap(take).length < count)
  if (
    last?.path === path &&
    last.bodies.length === bodies.length &&
    bodies.every(it => last.bodies.includes(it))
  )
    return last
  last = { path, take, bodies, items: bodies.flatMap(take), next, total: bodies[0].total }
  return last
}

/**
 * The list, and a button for more of it.
 * @param draw makes an element of an item
 * @param changed called when the list was drawn anew while more of it was asked for
 */
export function pagedList(list, draw, changed, className = 'cards') {
  const shown = el('ul', { class: className }, ...list.items.map(draw))
  const fault = el('p', { class: 'error', role: 'alert' })
  const button = el(
    'button',
    { type: 'button', class: 'second', data: { key: 'more' }, onclick: more },
    'Show more',
  )
  const foot = el('div', { class: 'more', hidden: !list.next }, fault, button)

  // It keeps the focus, which a disabled button would lose.
  const beBusy = isBusy => {
    button.setAttribute('aria-disabled', String(isBusy))
    if (isBusy) button.textContent = 'Loading …'
  }
  async function more() {
    if (button.getAttribute('aria-disabled') === 'true') return
    beBusy(true)
    fault.textContent = ''
    try {
      const body = await get(`${list.path}&cursor=${encodeURIComponent(list.next)}`)
      const items = list.take(body)
      place().count = list.items.length + items.length
      if (!shown.isConnected) return changed()
      list.bodies.push(body)
      list.items.push(...items)
      list.next = body.next_cursor
      const nodes = items.map(draw).filter(Boolean)
      shown.append(...nodes)
      button.textContent = 'Show more'
      foot.hidden = !list.next
      nodes[0]?.querySelector('a').focus()
    } catch (refused) {
      fault.textContent = refused.message
      button.textContent = 'Try again'
    } finally {
      beBusy(false)
    }
  }
  return [shown, foot]
}
