// Items in one row, the newest first: all of them, of a category, favourites, and what is archived.
import { card } from './card.js'
import { el, plural } from './dom.js'
import { A_PAGE, pagedList, readList } from './list.js'
import { isRemoved } from './removal.js'

const take = ({ items }) => items

const read = (query, count) => readList(`/v1/items?limit=${A_PAGE}${query}`, take, count)

/** @param more what stands above, and what is said when there is nothing */
function drawList(list, name, changed, { back, empty }) {
  const removed = list.items.filter(({ save }) => isRemoved(save.id)).length
  const total = list.total - removed
  return [
    back,
    el('h2', {}, name, el('span', { class: 'count' }, plural(total, 'item'))),
    total === 0 ? el('p', { class: 'empty' }, empty) : pagedList(list, item => card(item), changed),
  ].flat()
}

const listView = (tab, title, query, empty) => ({
  tab,
  title,
  load: (_, count) => read(query, count),
  draw: (list, { changed }) => drawList(list, title, changed, { empty }),
})

export const all = listView('all', 'All', '', 'Nothing here yet. Paste a link above.')

export const favourites = listView(
  'favourites',
  'Favourites',
  '&is_favorited=true&is_archived=all',
  'What you mark as a favourite is found here.',
)

export const archive = listView(
  'archive',
  'Archive',
  '&is_archived=true',
  'What you archive leaves your lists, groups and map, and is found here.',
)

export const category = {
  tab: 'grouped',
  title: (_, [name]) => name,
  missing: 'There is no such category.',
  load: ([name], count) => read(`&category=${encodeURIComponent(name)}`, count),
  draw: (list, { changed, params: [name] }) =>
    drawList(list, name, changed, {
      back: el('a', { class: 'back', href: '#/' }, '← All categories'),
      empty: 'Nothing of this category.',
    }),
}
