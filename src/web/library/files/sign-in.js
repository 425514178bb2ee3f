import { ask, dropSession, keepSession, session } from './api.js'
import { byId } from './dom.js'
import { forgot, goIn, showWays, takeArrival, usual } from './ways-in.js'

/** Calls back when a person has signed in, or made an account. */
export function signInForm(onSignedIn) {
  const form = byId('sign-in')
  const error = byId('sign-in-error')
  const { email, password, remember_me } = form.elements
  const [login, register] = form.querySelectorAll('button[type="submit"]')
  const say = text => {
    error.textContent = text ?? ''
    error.hidden = !text
  }

  /** A new account wants a new password: then the browser offers one, and keeps it. */
  function choose(isNew) {
    password.autocomplete = isNew ? 'new-password' : 'current-password'
    byId('sign-in-lead').textContent = isNew ? 'An account needs no more than this.' : ''
    login.classList.toggle('second', isNew)
    register.classList.toggle('second', !isNew)
  }
  register.addEventListener('click', event => {
    choose(true)
    if (email.value && password.value) return
    event.preventDefault()
    const empty = email.value ? password : email
    empty.focus()
  })
  login.addEventListener('click', () => choose(false))
  // Of itself, Enter would always mean the first button.
  form.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || event.target.localName !== 'input') return
    event.preventDefault()
    form.requestSubmit(password.autocomplete === 'new-password' ? register : login)
  })

  byId('show-password').addEventListener('click', ({ currentTarget: button }) => {
    const isShown = password.type === 'text'
    password.type = isShown ? 'password' : 'text'
    button.textContent = isShown ? 'Show password' : 'Hide password'
  })

  form.addEventListener('submit', async event => {
    event.preventDefault()
    const isNew = event.submitter === register
    for (const button of [login, register]) button.disabled = true
    say()
    try {
      // Who signs in may give a username instead.
      const name = isNew || email.value.includes('@') ? { email: email.value } : { username: email.value }
      const given = { ...name, password: password.value, remember_me: remember_me.checked }
      keepSession(await ask('POST', `/v1/auth/${isNew ? 'register' : 'login'}`, given))
      form.reset()
      password.type = 'password'
      byId('show-password').textContent = 'Show password'
      choose(false)
      onSignedIn()
    } catch (refused) {
      say(refused.message)
    } finally {
      for (const button of [login, register]) button.disabled = false
    }
    // A button that cannot be pressed loses the focus.
    if (!error.hidden) password.focus()
  })
  byId('forgot').addEventListener('click', forgot)
  showWays()
  return {
    /** Goes another way in, where the address has brought one. @returns whether it has */
    arrive() {
      const arrival = takeArrival()
      if (!arrival) return false
      if (session()) dropSession()
      goIn(arrival, onSignedIn, say)
      return true
    },
    /** Leads back here, and says why. */
    show(why) {
      usual()
      say(why)
      if (why) byId('welcome-title').focus()
      else email.focus()
    },
  }
}
