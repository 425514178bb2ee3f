import { get } from './api.js'
import { cards } from './card.js'
import { announce, byId, el, plural } from './dom.js'

/** The box leads to the address, so that a search can be gone back to. */
export function searchForm() {
  byId('search').addEventListener('submit', event => {
    event.preventDefault()
    location.hash = `#/search/${encodeURIComponent(byId('q').value.trim())}`
  })
}

export const search = {
  title: 'Search',
  load: ([q]) => get(`/v1/search?mode=hybrid&limit=48&q=${encodeURIComponent(q)}`),
  draw: ({ results, mode }, { open, params: [q] }) => {
    announce(`${plural(results.length, 'result')}.`)
    return [
      el('a', { class: 'back', href: '#/' }, '← All categories'),
      el('h2', {}, `“${q}”`, el('span', { class: 'count' }, plural(results.length, 'result'))),
      mode === 'text' && el('p', { class: 'facts' }, 'Found by words alone: the model is away.'),
      results.length === 0
        ? el('p', { class: 'empty' }, 'Nothing of yours is like that. Try fewer words.')
        : cards(
            results.map(({ save_id, content }) => ({ save: { id: save_id }, content })),
            open,
          ),
    ]
  },
}
