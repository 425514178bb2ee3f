// Groups that the items themselves make, and the items of one.
import { addressOf } from './address.js'
import { ask } from './api.js'
import { card, thumbnail } from './card.js'
import { announce, el, plural } from './dom.js'
import { editing } from './editing.js'
import { A_PAGE, pagedList, readList } from './list.js'
import { regroup } from './regroup.js'
import { isRemoved } from './removal.js'
import { keywordList } from './search.js'

export const clusters = {
  tab: 'clusters',
  title: 'Groups',
  load: (_, count) => readList('/v1/clusters?sort_by=item_count&limit=100', body => body.clusters, count),
  draw: (list, { changed }) =>
    [
      el(
        'div',
        { class: 'head' },
        el('h2', {}, 'Groups', el('span', { class: 'count' }, plural(list.total, 'group'))),
        regroup(changed),
      ),
      list.total === 0
        ? el('p', { class: 'empty' }, 'Groups appear when enough of what you saved belongs together.')
        : pagedList(list, tile, changed, 'groups'),
    ].flat(),
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
    el('h3', {}, el('a', { href: addressOf('groups', id), dir: 'auto', data: { key: id } }, label)),
    el('p', { class: 'facts' }, plural(item_count, 'item')),
    short_description && el('p', { class: 'words', dir: 'auto' }, short_description),
  )

const CATEGORY_OF = { Food: 'Food & Drink' }

const groupOf = list => list.bodies[0].cluster

export const cluster = {
  tab: 'clusters',
  title: list => groupOf(list).label,
  missing: 'This group is not there, or no more.',
  load: ([id], count) =>
    readList(
      `/v1/clusters/${encodeURIComponent(id)}?limit=${A_PAGE}&sort_by=similarity&sort_order=desc`,
      ({ items }) => items,
      count,
    ),
  draw: (list, { changed }) => {
    const { id, label, short_description, keywords } = groupOf(list)
    const total = list.total - list.items.filter(({ save }) => isRemoved(save.id)).length
    return [
      el('a', { class: 'back', href: '#/groups' }, '← All groups'),
      el(
        'div',
        { class: 'head' },
        el('h2', {}, el('bdi', {}, label), el('span', { class: 'count' }, plural(total, 'item'))),
        el(
          'div',
          { class: 'rename' },
          editing({
            start: 'Rename',
            field: el('input', { 'aria-label': 'Name of the group', maxlength: 100, required: true }),
            value: label,
            keep: async value => {
              const given = await ask('PATCH', `/v1/clusters/${id}`, { label: value })
              announce(`Renamed to ${given.label}.`)
            },
            end: changed,
          }),
        ),
      ),
      short_description && el('p', { class: 'words', dir: 'auto' }, short_description),
      keywords.length > 0 && keywordList(keywords),
      pagedList(list, item => card(item), changed),
    ].flat()
  },
}
