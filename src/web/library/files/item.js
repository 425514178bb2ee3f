// One item, in a dialog over the library. It has an address of its own.
import { addressOf, leaveItem, place } from './address.js'
import { ask, get } from './api.js'
import { sourceOf, thumbnail, titleOf } from './card.js'
import { byId, dots, el, focusOn, outward } from './dom.js'
import { editing } from './editing.js'
import { noticesIn } from './notices.js'
import { remove } from './removal.js'
import { keywordList } from './search.js'
import { similarItems } from './similar.js'

/** An answer that comes sooner needs no word that it is on its way. */
const SOON_MS = 150
const LONGEST_NOTE = 500

/**
 * @param onChange called when something has changed in the library
 * @param isAtItem whether the address names an item
 */
export function itemDialog(onChange, isAtItem) {
  const dialog = byId('item')
  const body = el('div')
  dialog.append(
    el(
      'div',
      { class: 'closing' },
      el(
        'button',
        { type: 'button', class: 'close', 'aria-label': 'Close', onclick: () => dialog.close() },
        '×',
      ),
    ),
    body,
  )
  const notices = noticesIn(dialog)
  let shown
  let isReady = true
  dialog.addEventListener('click', event => {
    if (event.target === dialog) dialog.close()
  })
  dialog.addEventListener('close', () => {
    // It was closed here or by Escape: the address follows.
    if (isAtItem()) leaveItem()
    // It gives the focus back, unless the view was drawn anew meanwhile.
    const { activeElement } = document
    if (activeElement === document.body || dialog.contains(activeElement)) focusOn(place().key)
  })

  async function open(id) {
    shown = id
    const soon = setTimeout(() => shown === id && fillWith([headingAlone('Loading …')]), SOON_MS)
    try {
      const item = await get(`/v1/items/${encodeURIComponent(id)}?include_similar=true&similar_limit=6`)
      if (shown !== id) return
      fillWith(draw(item), titleOf(item.content))
      isReady = item.content.status === 'READY'
    } catch (refused) {
      if (shown === id) fillWith(drawFault(id, refused), 'Not found')
    } finally {
      clearTimeout(soon)
    }
  }

  function close() {
    if (shown === undefined) return
    shown = undefined
    notices.finish()
    dialog.close()
  }

  function fillWith(nodes, title) {
    body.replaceChildren(...nodes.flat().filter(Boolean))
    dialog.scrollTop = 0
    if (title) document.title = `${title} · Trove`
    if (!dialog.open) dialog.showModal()
    dialog.querySelector('h2').focus()
  }

  const heading = (text, lang) => el('h2', { id: 'item-title', tabindex: '-1', dir: 'auto', lang }, text)
  const headingAlone = text => el('div', { class: 'alone' }, heading(text))

  const drawFault = (id, { status, message }) => {
    const isMissing = status === 404 || status === 422
    return [
      headingAlone(isMissing ? 'This item is not there' : 'This item could not be opened'),
      el(
        'p',
        { class: 'error', role: 'alert' },
        isMissing ? 'It is not in your library, or no more.' : message,
      ),
      !isMissing &&
        el(
          'div',
          { class: 'actions' },
          el('button', { type: 'button', onclick: () => open(id) }, 'Try again'),
        ),
    ]
  }

  const draw = ({ save, content, cluster, similar_items }) => [
    el(
      'div',
      { class: 'cover' },
      thumbnail(content),
      el(
        'div',
        {},
        heading(titleOf(content), content.language),
        el('p', { class: 'facts' }, factsOf(content)),
        el('p', { class: 'facts' }, `Saved ${mediumDate(save.created_at)}`),
        cluster &&
          el(
            'p',
            { class: 'facts' },
            'In ',
            el('a', { href: addressOf('groups', cluster.id), dir: 'auto' }, cluster.label),
          ),
      ),
    ),
    content.status !== 'READY' && el('p', { class: 'note' }, stateOf(content)),
    actions(save, content),
    note(save),
    words(content) && el('p', { class: 'words', dir: 'auto', lang: content.language }, words(content)),
    content.tags.length > 0 && keywordList(content.tags.slice(0, 10)),
    similarItems(similar_items ?? [], onChange, notices),
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
      toggle(save, 'is_favorited', 'Favourite', ['Marked as a favourite.', 'No favourite any more.']),
      toggle(save, 'is_archived', 'Archive', ['Moved to the archive.', 'Back in the library.']),
      el(
        'button',
        {
          type: 'button',
          class: 'second danger',
          onclick: () => {
            dialog.close()
            remove(save.id, titleOf(content))
          },
        },
        'Remove',
      ),
    )
  }

  /** A button that stays pressed; its name stays the same. */
  function toggle({ id, ...save }, field, name, [onWords, offWords]) {
    let isOn = save[field]
    const mark = field === 'is_favorited' && el('span', { 'aria-hidden': 'true' })
    const button = el('button', { type: 'button', class: 'second', onclick: change }, mark, name)
    const show = () => {
      button.setAttribute('aria-pressed', String(isOn))
      if (mark) mark.textContent = isOn ? '★ ' : '☆ '
    }
    async function change() {
      try {
        await ask('PATCH', `/v1/items/${id}`, { [field]: !isOn })
        isOn = !isOn
        show()
        notices.say(isOn ? onWords : offWords)
        onChange()
      } catch (refused) {
        notices.fail(refused.message, change)
      }
    }
    show()
    return button
  }

  function note({ id, raw_share_text }) {
    const place = el('div', { class: 'note-of' })
    const show = text =>
      place.replaceChildren(
        ...[
          text && el('p', { class: 'note', dir: 'auto' }, text),
          editing({
            start: text ? 'Edit the note' : 'Add a note',
            field: el('textarea', {
              'aria-label': 'Your note',
              maxlength: LONGEST_NOTE,
              rows: 3,
              dir: 'auto',
            }),
            value: text ?? '',
            keep: async value => {
              const { save } = await ask('PATCH', `/v1/items/${id}`, { raw_share_text: value })
              show(save.raw_share_text)
              place.querySelector('button').focus()
              notices.say('The note is kept.')
              onChange()
            },
            end: () => {},
          }),
        ].filter(Boolean),
      )
    show(raw_share_text)
    return place
  }

  return {
    open,
    close,
    /** Shows it anew, when it was being read and has been. */
    hear: id => {
      if (id === shown && !isReady && !dialog.querySelector('form')) open(id)
    },
  }
}

const stateOf = ({ status, error_message }) =>
  status === 'FAILED'
    ? `It could not be read. ${error_message ?? ''}`
    : 'It is being read. Its title, picture and words come by themselves.'

const mediumDate = time => new Date(time).toLocaleDateString(undefined, { dateStyle: 'medium' })

const factsOf = content =>
  dots(
    content.author && el('bdi', {}, content.author),
    content.category_high ?? 'Misc',
    sourceOf(content),
    content.published_at && mediumDate(content.published_at),
  )

const LONGEST_WORDS = 600
const words = ({ description, caption }) => {
  const text = (description || caption || '').trim()
  return text.length > LONGEST_WORDS ? `${text.slice(0, LONGEST_WORDS)} …` : text
}
