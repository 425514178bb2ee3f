// Saves a link, or several at once, and says what became of each.
import { itemAddress } from './address.js'
import { ask } from './api.js'
import { titleOf } from './card.js'
import { byId, el, plural } from './dom.js'
import { linksIn } from './links-in.js'

const MOST_LINKS = 100
/** How long it is said that an item is ready. */
const READY_MS = 8000

const openIt = (id, text = 'Open it') =>
  el('a', { class: 'button-like', href: itemAddress(id), dir: 'auto' }, text)

/**
 * @param onSaved called with a saved item
 * @param onManySaved called when several were saved at once
 */
export function saveForm(onSaved, onManySaved) {
  const form = byId('save')
  const field = byId('url')
  const noteField = byId('save-note')
  const done = byId('save-done')
  const fault = byId('save-fault')
  /** The save that `done` tells about. */
  let told
  let isOffline = false

  function clear() {
    done.replaceChildren()
    fault.replaceChildren()
    told = undefined
    isOffline = false
  }
  const tell = (...parts) => {
    done.ariaLive = 'polite'
    done.replaceChildren(el('p', { class: 'done' }, ...parts))
  }

  async function saveOne(url, note) {
    try {
      const saved = await ask('POST', '/v1/items', { url, ...note })
      told = saved.save.id
      if (saved.content.status === 'READY') tellReady(titleOf(saved.content))
      else tell('Saved. It is being read and shows up below.')
      onSaved(saved)
    } catch (refused) {
      const { existing_save_id } = refused.problem
      if (!existing_save_id) throw refused
      tell('You have saved this before. ', openIt(existing_save_id))
    }
  }

  async function saveMany(urls, note) {
    if (urls.length > MOST_LINKS)
      throw new Error(`These are ${urls.length} links. At most ${MOST_LINKS} are saved at once.`)
    const items = urls.map(url => ({ url, ...note }))
    const { results } = await ask('POST', '/v1/items/batch', { items })
    const count = status => results.filter(it => it.status === status).length
    const [saved, before, invalid] = ['saved', 'duplicate', 'invalid'].map(count)
    tell(
      [
        `${saved} of ${plural(urls.length, 'link')} saved`,
        before > 0 && `${before} saved before`,
        invalid > 0 && `${invalid} cannot be saved`,
      ]
        .filter(Boolean)
        .join(', '),
      '.',
    )
    done.append(el('ul', { class: 'results' }, ...results.map(resultLine)))
    onManySaved()
  }

  /** @param isHeard it was announced already */
  function tellReady(title, isHeard = false) {
    const own = told
    done.ariaLive = isHeard ? 'off' : 'polite'
    done.replaceChildren(el('p', { class: 'done' }, openIt(own, title), ' is ready.'))
    setTimeout(() => told === own && clear(), READY_MS)
  }

  async function submit() {
    const button = form.querySelector('button')
    const text = field.value.trim()
    const note = noteField.value.trim() ? { raw_share_text: noteField.value.trim() } : {}
    if (!text || button.disabled) return
    button.disabled = true
    clear()
    try {
      const urls = linksIn(text)
      await (urls.length === 1 ? saveOne(urls[0], note) : saveMany(urls, note))
      form.reset()
    } catch (refused) {
      isOffline = refused.status === 0
      fault.replaceChildren(el('p', { class: 'error' }, refused.message))
    } finally {
      button.disabled = false
      field.focus()
    }
  }

  form.addEventListener('submit', event => {
    event.preventDefault()
    submit()
  })
  field.addEventListener('input', () => fault.replaceChildren())
  // A field of several lines, so that a paste keeps them; Enter is for saving all the same.
  field.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    form.requestSubmit()
  })

  return {
    clear,
    /** The item that was saved last has been read, or could not be. */
    hear(type, { save_id, title }) {
      if (save_id !== told) return
      if (type === 'content.ready') tellReady(title ?? 'It', true)
      if (type === 'content.failed') clear()
    },
    /** The server is there again: that it was away is no news. */
    online: () => isOffline && clear(),
  }
}

const WORDS = { saved: 'saved', duplicate: 'saved before', invalid: 'is no link that can be saved' }

const resultLine = ({ url, status, save_id }) =>
  el(
    'li',
    { class: status },
    el('bdi', { class: 'name' }, url),
    el('span', { class: 'stage' }, WORDS[status]),
    save_id && openIt(save_id, 'Open'),
  )
