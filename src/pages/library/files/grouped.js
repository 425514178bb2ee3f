// By category: the newest of each, and all of one.
import { get } from './api.js'
import { cards } from './card.js'
import { el, plural } from './dom.js'

const A_CATEGORY = 8
const A_PAGE = 48

export const grouped = {
  title: 'Categories',
  load: () => get(`/v1/items/grouped?limit_per_category=${A_CATEGORY}`),
  draw: ({ groups, total_items }, { open }) => {
    if (total_items === 0) return [welcome()]
    return Object.values(groups).map(({ category, count, items }) =>
      el(
        'section',
        { class: 'shelf' },
        el(
          'header',
          {},
          el('h2', {}, category, el('span', { class: 'count' }, plural(count, 'item'))),
          count > items.length &&
            el(
              'a',
              { href: `#/category/${encodeURIComponent(category)}` },
              'See all',
              el('span', { class: 'hidden' }, ` of ${category}`),
            ),
        ),
        cards(items, open),
      ),
    )
  },
}

export const category = {
  title: 'Category',
  load: ([name]) => get(`/v1/items?limit=${A_PAGE}&category=${encodeURIComponent(name)}`),
  draw: (page, { open, params: [name] }) => {
    const list = cards(page.items, open)
    const more = el('button', { type: 'button', class: 'second more' }, 'Show more')
    let next = page.next_cursor
    more.addEventListener('click', async () => {
      more.disabled = true
      const following = await get(
        `/v1/items?limit=${A_PAGE}&category=${encodeURIComponent(name)}&cursor=${encodeURIComponent(next)}`,
      )
      list.append(...cards(following.items, open).children)
      next = following.next_cursor
      more.disabled = false
      more.hidden = !next
    })
    return [
      el('a', { class: 'back', href: '#/' }, '← All categories'),
      el('h2', {}, name, el('span', { class: 'count' }, plural(page.total, 'item'))),
      list,
      next && more,
    ]
  },
}

const welcome = () =>
  el(
    'div',
    { class: 'empty' },
    el('h2', {}, 'Nothing here yet'),
    el('p', {}, 'Paste a link above. It shows up here as soon as it has been read.'),
  )
