import { ask, keepSession } from './api.js'
import { byId } from './dom.js'

/** Calls back when a person has signed in, or made an account. */
export function signInForm(onSignedIn) {
  const form = byId('sign-in')
  const error = byId('sign-in-error')
  const say = text => {
    error.textContent = text ?? ''
    error.hidden = !text
  }
  form.addEventListener('submit', async event => {
    event.preventDefault()
    const { email, password } = Object.fromEntries(new FormData(form))
    const action = event.submitter?.value === 'register' ? 'register' : 'login'
    const buttons = [...form.querySelectorAll('button')]
    for (const button of buttons) button.disabled = true
    say()
    try {
      keepSession(await ask('POST', `/v1/auth/${action}`, { email, password }))
      form.reset()
      onSignedIn()
    } catch (refused) {
      say(refused.message)
    } finally {
      for (const button of buttons) button.disabled = false
    }
    // A button that cannot be pressed loses the focus.
    if (!error.hidden) form.elements.password.focus()
  })
  return {
    /** Leads back here, and says why. */
    show(why) {
      say(why)
      byId('welcome-title').focus()
    },
  }
}
