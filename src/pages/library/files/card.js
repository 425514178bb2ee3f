import { clock, el } from './dom.js'

const MARKS = {
  Travel: '✈',
  'Food & Drink': '☕',
  Learning: '✎',
  Career: '◆',
  Fitness: '△',
  Entertainment: '♪',
  Shopping: '◈',
  Tech: '⌘',
}

/**
 * A picture, or a calm tile of its category's colour where there is none, or where it does not come. It comes from this
 * server: the platform, or whoever wrote the page, does not hear who looks at it.
 * @param width 160 or 320, in CSS pixels
 */
export function thumbnail({ thumbnail_path, category_high, duration_seconds }, width = 320) {
  const tile = el(
    'span',
    { class: 'thumb', data: { category: category_high ?? 'Misc' } },
    el('span', { class: 'glyph', 'aria-hidden': 'true' }, MARKS[category_high] ?? '❖'),
  )
  if (thumbnail_path) {
    const image = el('img', {
      src: `${thumbnail_path}?width=${width}`,
      srcset: `${thumbnail_path}?width=${2 * width} 2x`,
      alt: '',
      loading: 'lazy',
      decoding: 'async',
    })
    image.addEventListener('error', () => image.remove())
    tile.append(image)
  }
  if (duration_seconds) tile.append(el('span', { class: 'length' }, clock(duration_seconds)))
  return tile
}

export const titleOf = ({ title, url }) => title || url.replace('https://', '')

/**
 * One item. The whole card opens it, by the button that is its title.
 * @param key what the focus is found again by when the view is drawn anew
 */
export function card({ save, content }, open, key = save.id) {
  const facts = [content.author, content.category_high ?? 'Misc'].filter(Boolean).join(' · ')
  return el(
    'li',
    { class: 'card' },
    thumbnail(content),
    el(
      'div',
      { class: 'about' },
      el(
        'h3',
        {},
        el(
          'button',
          { type: 'button', class: 'title', data: { key }, onclick: () => open(save.id) },
          titleOf(content),
        ),
      ),
      el(
        'p',
        { class: 'facts' },
        save.is_favorited && el('span', { class: 'star' }, '★ Favourite · '),
        facts,
      ),
    ),
  )
}

export const cards = (items, open) => el('ul', { class: 'cards' }, ...items.map(item => card(item, open)))
