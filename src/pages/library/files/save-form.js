import { ask } from './api.js'
import { byId, el } from './dom.js'

/**
 * @param onSaved called with the saved item
 * @param open opens an item that was there before
 */
export function saveForm(onSaved, open) {
  const form = byId('save')
  const message = byId('save-message')
  const say = (kind, ...parts) => message.replaceChildren(el('p', { class: kind }, ...parts))
  form.addEventListener('submit', async event => {
    event.preventDefault()
    const button = form.querySelector('button')
    button.disabled = true
    message.replaceChildren()
    try {
      const saved = await ask('POST', '/v1/items', { url: form.elements.url.value.trim() })
      form.reset()
      say('done', saved.message)
      onSaved(saved)
    } catch (refused) {
      const { existing_save_id } = refused.problem ?? {}
      say(
        'error',
        refused.message,
        existing_save_id &&
          el('button', { type: 'button', class: 'quiet', onclick: () => open(existing_save_id) }, 'Open it'),
      )
    } finally {
      button.disabled = false
      form.elements.url.focus()
    }
  })
}
