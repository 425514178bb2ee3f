// A button that becomes a form of one field, and a button again.
import { el } from './dom.js'

/**
 * @param start what the button says
 * @param field an input or a textarea
 * @param keep is given what was written; what it throws is said beside the field
 * @param end called at the end of the form, also when nothing was written
 */
export function editing({ start, field, value, keep, end }) {
  const button = el(
    'button',
    { type: 'button', class: 'second', data: { key: 'edit' }, onclick: begin },
    start,
  )
  const place = el('div', {}, button)

  function stop() {
    place.replaceChildren(button)
    button.focus()
    end()
  }
  function begin() {
    const error = el('p', { class: 'error', role: 'alert' })
    field.value = value
    const form = el(
      'form',
      {
        class: 'field',
        onkeydown: event => {
          if (event.key !== 'Escape') return
          // Or the dialog around it would close.
          event.preventDefault()
          stop()
        },
        onsubmit: async event => {
          event.preventDefault()
          try {
            await keep(field.value)
            stop()
          } catch (refused) {
            error.textContent = refused.message
            field.focus()
          }
        },
      },
      field,
      el('button', { type: 'submit' }, 'Keep'),
      el('button', { type: 'button', class: 'second', onclick: stop }, 'Cancel'),
    )
    place.replaceChildren(form, error)
    field.select()
    field.focus()
  }
  return place
}
