// One item, in a dialog over the library.
import { ask, get } from './api.js'
import { thumbnail, titleOf } from './card.js'
import { announce, byId, el, focusOn, outward } from './dom.js'
import { similarItems } from './similar.js'

/** @param onChange called when something has changed in the library */
export function itemDialog(onChange) {
  const dialog = byId('item')
  /** The key of what opened it. */
  let opener
  dialog.addEventListener('click', event => {
    if (event.target === dialog) dialog.close()
  })
  // The browser gives the focus back, unless the view was drawn anew meanwhile.
  dialog.addEventListener('close', () => {
    const { activeElement } = document
    if (activeElement === document.body || dialog.contains(activeElement)) focusOn(opener)
  })

  async function open(id) {
    let item
    try {
      item = await get(`/v1/items/${id}?include_similar=true&similar_limit=6`)
    } catch (refused) {
      return announce(refused.message)
    }
    dialog.replaceChildren(...draw(item).filter(Boolean))
    dialog.scrollTop = 0
    if (!dialog.open) {
      opener = document.activeElement?.dataset.key
      dialog.showModal()
    }
    dialog.querySelector('h2').focus()
  }

  const draw = ({ save, content, cluster, similar_items }) => [
    el(
      'button',
      { type: 'button', class: 'close', 'aria-label': 'Close', onclick: () => dialog.close() },
      '×',
    ),
    el(
      'div',
      { class: 'cover' },
      thumbnail(content),
      el(
        'div',
        {},
        el('h2', { id: 'item-title', tabindex: '-1' }, titleOf(content)),
        el('p', { class: 'facts' }, factsOf(content)),
        cluster &&
          el(
            'p',
            { class: 'facts' },
            'In ',
            el('a', { href: `#/groups/${cluster.id}`, onclick: () => dialog.close() }, cluster.label),
          ),
      ),
    ),
    actions(save, content),
    save.raw_share_text && el('p', { class: 'note' }, save.raw_share_text),
    words(content) && el('p', { class: 'words' }, words(content)),
    content.tags.length > 0 &&
      el('ul', { class: 'keywords' }, ...content.tags.slice(0, 10).map(tag => el('li', {}, tag))),
    similarItems(similar_items ?? [], open, onChange),
  ]

  function actions(save, content) {
    const address = outward(content.url)
    return el(
      'div',
      { class: 'actions' },
      address &&
        el(
          'a',
          { class: 'button', href: address, target: '_blank', rel: 'noopener noreferrer' },
          'Open the original',
        ),
      toggle(save, 'is_favorited', '☆ Favourite', '★ Favourite'),
      toggle(save, 'is_archived', 'Archive', 'Archived'),
      remove(save),
    )
  }

  /** A button that stays pressed. */
  function toggle({ id, ...save }, field, off, on) {
    let isOn = save[field]
    const button = el('button', { type: 'button', class: 'second', onclick: change })
    const show = () => {
      button.setAttribute('aria-pressed', String(isOn))
      button.textContent = isOn ? on : off
    }
    async function change() {
      try {
        await ask('PATCH', `/v1/items/${id}`, { [field]: !isOn })
        isOn = !isOn
        show()
        onChange()
      } catch (refused) {
        announce(refused.message)
      }
    }
    show()
    return button
  }

  /** Asks a second time before it does it. */
  function remove({ id }) {
    let isSure = false
    return el(
      'button',
      {
        type: 'button',
        class: 'second danger',
        onclick: async ({ currentTarget: button }) => {
          if (!isSure) {
            isSure = true
            button.textContent = 'Remove for good?'
            return
          }
          try {
            await ask('DELETE', `/v1/items/${id}`)
            dialog.close()
            announce('Removed.')
            onChange()
          } catch (refused) {
            announce(refused.message)
          }
        },
      },
      'Remove',
    )
  }
  return open
}

const PLATFORMS = { youtube: 'YouTube', instagram: 'Instagram', web: 'The web' }

const factsOf = ({ author, category_high, source_platform, published_at }) =>
  [
    author,
    category_high ?? 'Misc',
    PLATFORMS[source_platform] ?? source_platform,
    published_at && new Date(published_at).toLocaleDateString(undefined, { dateStyle: 'medium' }),
  ]
    .filter(Boolean)
    .join(' · ')

const LONGEST_WORDS = 600
const words = ({ description, caption }) => {
  const text = (description || caption || '').trim()
  return text.length > LONGEST_WORDS ? `${text.slice(0, LONGEST_WORDS)} …` : text
}
