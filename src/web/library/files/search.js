import { addressOf } from './address.js'
import { card } from './card.js'
import { announce, byId, el, plural } from './dom.js'
import { A_PAGE, pagedList, readList } from './list.js'
import { isRemoved } from './removal.js'

/** The box leads to the address, so that a search can be gone back to. */
export function searchForm() {
  byId('search').addEventListener('submit', event => {
    event.preventDefault()
    location.hash = searchAddress(byId('q').value.trim())
  })
}

export const searchAddress = q => addressOf('search', q)

const take = ({ results }) => results.map(({ save_id, content }) => ({ save: { id: save_id }, content }))

export const search = {
  title: (_, [q]) => `“${q}” · Search`,
  /** What was found stays in its order while the library changes. */
  isSnapshot: true,
  load: ([q], count) =>
    readList(`/v1/search?mode=hybrid&limit=${A_PAGE}&q=${encodeURIComponent(q)}`, take, count),
  draw: (list, { params: [q], changed }) => {
    const { mode, total } = list.bodies[0]
    const found = total - list.items.filter(({ save }) => isRemoved(save.id)).length
    announce(`${plural(found, 'result')}.`)
    return [
      el('a', { class: 'back', href: '#/' }, '← All categories'),
      el('h2', {}, '“', el('bdi', {}, q), '”', el('span', { class: 'count' }, plural(found, 'result'))),
      mode === 'text' && el('p', { class: 'facts' }, 'Found by words alone: the model is away.'),
      found === 0
        ? el('p', { class: 'empty' }, 'Nothing of yours is like that. Try fewer words.')
        : pagedList(list, item => card(item), changed),
    ].flat()
  },
}

/** Words that lead to what else is about them. */
export const keywordList = words =>
  el(
    'ul',
    { class: 'keywords' },
    ...words.map(word =>
      el('li', {}, el('a', { class: 'word', href: searchAddress(word), dir: 'auto' }, word)),
    ),
  )
