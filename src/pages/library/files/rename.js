// Gives a group a name of one's own, which later runs keep.
import { ask } from './api.js'
import { announce, el } from './dom.js'

/** A button that becomes a form, and a button again. `changed` is called at the end of the form. */
export function renaming(id, label, changed) {
  const start = el(
    'button',
    { type: 'button', class: 'second', data: { key: 'rename' }, onclick: () => begin() },
    'Rename',
  )
  const place = el('div', { class: 'rename' }, start)
  const end = () => {
    place.replaceChildren(start)
    start.focus()
    changed()
  }

  function begin() {
    const input = el('input', {
      name: 'label',
      'aria-label': 'Name of the group',
      maxlength: 100,
      required: true,
    })
    const error = el('p', { class: 'error', role: 'alert' })
    input.value = label
    const form = el(
      'form',
      {
        class: 'field',
        onkeydown: ({ key }) => key === 'Escape' && end(),
        onsubmit: async event => {
          event.preventDefault()
          try {
            const { label: given } = await ask('PATCH', `/v1/clusters/${id}`, { label: input.value })
            announce(`Renamed to ${given}.`)
            end()
          } catch (refused) {
            error.textContent = refused.message
            input.focus()
          }
        },
      },
      input,
      el('button', { type: 'submit' }, 'Keep'),
      el('button', { type: 'button', class: 'second', onclick: end }, 'Cancel'),
    )
    place.replaceChildren(form, error)
    input.select()
    input.focus()
  }
  return place
}
