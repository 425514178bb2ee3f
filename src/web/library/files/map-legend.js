// Every group with its colour and shape. Looking at one makes it stand out; choosing it shows it alone.
import { el, svg } from './dom.js'
import { outline } from './map-layout.js'

/**
 * @param look called with a group's id, or undefined, when it is looked at
 * @param choose called with a group's id
 */
export function legend(groups, looks, { look, choose }) {
  const buttons = groups.map(({ id, label, size }) => {
    const { colour, shape } = looks.get(id) ?? { colour: 'none', shape: 'circle' }
    const mark = svg(
      'svg',
      { viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true' },
      svg('path', { class: 'mark-of', data: { colour }, d: outline(shape, { x: 8, y: 8 }, 5.5) }),
    )
    return el(
      'button',
      {
        type: 'button',
        data: { key: `legend-${id}`, group: id ?? '' },
        'aria-pressed': 'false',
        onclick: () => choose(id),
        onpointerenter: () => look(id),
        onpointerleave: () => look(undefined),
        onfocus: () => look(id),
        onblur: () => look(undefined),
      },
      mark,
      el('bdi', { class: 'of' }, label),
      el('span', { class: 'count' }, size),
    )
  })
  const press = id => {
    for (const [i, button] of buttons.entries()) {
      button.setAttribute('aria-pressed', String(groups[i].id === id))
    }
  }
  const node = el('ul', { class: 'legend', 'aria-label': 'Groups' }, ...buttons.map(it => el('li', {}, it)))
  return { node, press }
}
