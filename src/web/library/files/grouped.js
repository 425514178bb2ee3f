// The newest of each category.
import { addressOf } from './address.js'
import { get } from './api.js'
import { card } from './card.js'
import { el, plural } from './dom.js'
import { isRemoved } from './removal.js'

/** Two full rows of the widest page; a narrower one hides what would begin another. */
const A_CATEGORY = 10

export const grouped = {
  tab: 'grouped',
  title: 'Categories',
  load: () => get(`/v1/items/grouped?limit_per_category=${A_CATEGORY}`),
  draw: ({ groups }) => {
    const shelves = Object.values(groups).map(shelf).filter(Boolean)
    return shelves.length > 0 ? shelves : [welcome()]
  },
}

function shelf({ category, count, items }) {
  const left = count - items.filter(({ save }) => isRemoved(save.id)).length
  if (left === 0) return null
  return el(
    'section',
    { class: 'shelf' },
    el(
      'header',
      {},
      el('h2', {}, category, el('span', { class: 'count' }, plural(left, 'item'))),
      el(
        'a',
        { href: addressOf('category', category), id: `all-${category}` },
        'See all',
        el('span', { class: 'hidden' }, ` of ${category}`),
      ),
    ),
    el('ul', { class: 'cards' }, ...items.map(item => card(item, true))),
  )
}

const welcome = () =>
  el(
    'div',
    { class: 'empty' },
    el('h2', {}, 'Nothing here yet'),
    el('p', {}, 'Paste a link above. It shows up here as soon as it has been read.'),
  )
