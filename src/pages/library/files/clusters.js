// Groups that the items themselves make, and the items of one.
import { ask, get } from './api.js'
import { cards, thumbnail } from './card.js'
import { announce, el, plural } from './dom.js'
import { renaming } from './rename.js'

const A_GROUP = 100

export const clusters = {
  title: 'Groups',
  load: () => get('/v1/clusters?sort_by=item_count'),
  draw: ({ clusters: list }) => [
    el(
      'div',
      { class: 'head' },
      el('h2', {}, 'Groups', el('span', { class: 'count' }, plural(list.length, 'group'))),
      regroup(),
    ),
    list.length === 0
      ? el('p', { class: 'empty' }, 'Groups appear when enough of what you saved belongs together.')
      : el('ul', { class: 'groups' }, ...list.map(tile)),
  ],
}

const tile = ({ id, label, short_description, item_count, cluster_type, sample_items }) =>
  el(
    'li',
    { class: 'group' },
    el(
      'div',
      { class: 'samples', 'aria-hidden': 'true' },
      ...[0, 1, 2].map(i =>
        thumbnail({
          thumbnail_path: sample_items[i]?.thumbnail_path,
          category_high: CATEGORY_OF[cluster_type] ?? cluster_type,
        }),
      ),
    ),
    el('h3', {}, el('a', { href: `#/groups/${id}`, data: { key: id } }, label)),
    el('p', { class: 'facts' }, plural(item_count, 'item')),
    short_description && el('p', { class: 'words' }, short_description),
  )

const CATEGORY_OF = { Food: 'Food & Drink' }

export const cluster = {
  title: 'Group',
  load: ([id]) => get(`/v1/clusters/${id}?limit=${A_GROUP}&sort_by=similarity&sort_order=desc`),
  draw: ({ cluster: { id, label, short_description, keywords }, items, total_items }, { open, changed }) => [
    el('a', { class: 'back', href: '#/groups' }, '← All groups'),
    el(
      'div',
      { class: 'head' },
      el('h2', {}, label, el('span', { class: 'count' }, plural(total_items, 'item'))),
      renaming(id, label, changed),
    ),
    short_description && el('p', { class: 'words' }, short_description),
    keywords.length > 0 && el('ul', { class: 'keywords' }, ...keywords.map(word => el('li', {}, word))),
    cards(items, open),
    total_items > items.length && el('p', { class: 'facts' }, `The ${items.length} most central are shown.`),
  ],
}

/** Asks for a new run; the page hears of its end by the stream. */
export const regroup = () =>
  el(
    'button',
    {
      type: 'button',
      class: 'second',
      data: { key: 'regroup' },
      onclick: async ({ currentTarget: button }) => {
        button.disabled = true
        try {
          await ask('POST', '/v1/clusters/rebuild')
          button.textContent = 'Grouping …'
          announce('Your library is being grouped.')
        } catch (refused) {
          button.disabled = false
          announce(refused.message)
        }
      },
    },
    'Group anew',
  )
