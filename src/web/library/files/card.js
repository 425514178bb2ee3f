import { itemAddress } from './address.js'
import { byId, clock, dots, el, shortDate } from './dom.js'
import { isRemoved } from './removal.js'

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

const PLATFORMS = { youtube: 'YouTube', instagram: 'Instagram' }

/** Where it is from, as people call it. */
export const sourceOf = ({ source_platform, url }) =>
  PLATFORMS[source_platform] ?? URL.parse(url)?.hostname.replace(/^www\./, '') ?? source_platform

/** card -> what it was drawn from */
const drawnFrom = new WeakMap()

/**
 * One item, as a link to it; null, when it was removed. A card that is on the page and says the same stays itself, so that
 * its picture does not flicker while the list changes around it.
 * @param isOnShelf its category is said above it
 */
export function card({ save, content }, isOnShelf = false) {
  if (isRemoved(save.id)) return null
  const facts = JSON.stringify([save, content, isOnShelf])
  const known = byId('view').querySelector(`.card[data-save="${CSS.escape(save.id)}"]`)
  if (known && drawnFrom.get(known) === facts) return known
  const node = el(
    'li',
    { class: 'card', data: { save: save.id } },
    thumbnail(content),
    el(
      'div',
      { class: 'about' },
      el(
        'h3',
        {},
        el(
          'a',
          { class: 'title', href: itemAddress(save.id), dir: 'auto', data: { key: save.id } },
          titleOf(content),
        ),
      ),
      el(
        'p',
        { class: 'facts' },
        dots(
          save.is_favorited && el('span', { class: 'star' }, '★ Favourite'),
          content.author && el('bdi', {}, content.author),
          !content.author && sourceOf(content),
        ),
      ),
      el(
        'p',
        { class: 'facts' },
        dots(
          content.author && sourceOf(content),
          save.created_at && shortDate(save.created_at),
          !isOnShelf && (content.category_high ?? 'Misc'),
        ),
      ),
    ),
  )
  drawnFrom.set(node, facts)
  return node
}
