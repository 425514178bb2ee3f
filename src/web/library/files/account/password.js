import { ask } from '../api.js'
import { el } from '../dom.js'
import { field, panel, sendForm } from '../forms.js'

const PAUSE_MS = 600

/** Says how good a new password is, when the person has stopped typing. */
export function strengthOf(input, emailOf) {
  const meter = el('meter', { min: 0, max: 4, low: 2, high: 3, optimum: 4, 'aria-label': 'Strength' })
  const words = el('span', { class: 'facts' })
  const shown = el('div', { class: 'strength', role: 'status', hidden: true }, meter, words)
  let timer
  input.addEventListener('input', () => {
    clearTimeout(timer)
    if (!input.value) {
      shown.hidden = true
      return
    }
    timer = setTimeout(async () => {
      const asked = input.value
      const email = emailOf()
      const answer = await ask('POST', '/v1/auth/password/validate', {
        password: asked,
        ...(email ? { email } : {}),
      }).catch(() => undefined)
      if (!answer || asked !== input.value) return
      meter.value = answer.score
      words.textContent = answer.valid ? 'Good enough.' : answer.feedback.join(' ')
      shown.hidden = false
    }, PAUSE_MS)
  })
  return shown
}

/** A field for a new password, which says how good it is. */
export function newPasswordField(label, emailOf) {
  const entry = field('new_password', label, {
    type: 'password',
    autocomplete: 'new-password',
    maxlength: 128,
    required: true,
    hint: '8 to 128 characters, and not easy to guess.',
  })
  entry.append(strengthOf(entry.querySelector('input'), emailOf))
  return entry
}

export const passwordPanel = (me, changed) =>
  panel(
    'Password',
    async () => me,
    () =>
      sendForm(
        [
          field('current_password', 'Password now', { type: 'password', autocomplete: 'current-password' }),
          newPasswordField('New password', () => me.email),
        ],
        'Change password',
        async (given, form) => {
          await ask('POST', '/v1/auth/password', given)
          if (me.must_change_password) {
            // What holds a form is not drawn anew.
            form.remove()
            await changed()
          }
          return 'Changed. You are signed out everywhere else.'
        },
      ),
  )
