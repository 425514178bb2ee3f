// The other ways in: what a link in a mail, an invitation or an OpenID provider has put behind the # of the address.
import { strengthOf } from './account/password.js'
import { ask, get, keepSession } from './api.js'
import { byId, el } from './dom.js'
import { field, sendForm } from './forms.js'

const NAMED = /^#(reset|invitation|refresh_token|link|sign-in-error)=([^&]+)(?:&return_to=%2Flibrary(.*))?$/

const REFUSALS = {
  REGISTRATION_CLOSED: 'There is no account for you here, and new ones are not made.',
  EMAIL_MISSING: 'Your provider does not tell your email.',
  EMAIL_NOT_VERIFIED: 'Your provider has not verified your email.',
  PROVIDER_UNAVAILABLE: 'Your provider cannot be reached. Try again shortly.',
  PROVIDER_TIMEOUT: 'Your provider takes too long to answer. Try again shortly.',
  ACCOUNT_DISABLED: 'This account is disabled. Ask an admin.',
  ACCOUNT_DELETED: 'This account was deleted. Ask an admin.',
}

/** What the address brings, once: it is a secret, and goes from the address at once. */
export function takeArrival() {
  const [, name, value, view = ''] = NAMED.exec(location.hash) ?? []
  if (!name) return null
  history.replaceState(null, '', location.pathname + (view && `#${decodeURIComponent(view)}`))
  return { name, value: decodeURIComponent(value) }
}

/** A form in the place of the usual one. */
function instead(lead, form) {
  const back = el('button', { type: 'button', class: 'quiet', onclick: usual }, 'Back to signing in')
  byId('sign-in').hidden = true
  byId('other-way').hidden = false
  byId('other-way').replaceChildren(el('p', {}, lead), form, back)
  form.querySelector('input')?.focus()
}

export function usual() {
  byId('other-way').hidden = true
  byId('other-way').replaceChildren()
  byId('sign-in').hidden = false
}

const newPassword = (name, emailOf) => {
  const entry = field(name, 'New password', {
    type: 'password',
    autocomplete: 'new-password',
    maxlength: 128,
    required: true,
    hint: '8 to 128 characters, and not easy to guess.',
  })
  entry.append(strengthOf(entry.querySelector('input'), emailOf))
  return entry
}

/** Asks for a link to set a new password. */
export const forgot = () =>
  instead(
    'Which account is it? Where mail is set up you get a link; else ask who runs this server for one.',
    sendForm(
      [field('email', 'Email', { type: 'email', autocomplete: 'username', required: true })],
      'Send me a link',
      async given => (await ask('POST', '/v1/auth/password/reset/request', given)).message,
    ),
  )

const WAYS = {
  reset: token =>
    instead(
      'Choose a new password. You are signed out everywhere.',
      sendForm([newPassword('new_password', () => undefined)], 'Set password', async given => {
        await ask('POST', '/v1/auth/password/reset/confirm', { token, ...given })
        usual()
        return 'Set.'
      }),
    ),
  invitation: (token, onSignedIn) => {
    const email = field('email', 'Email', { type: 'email', autocomplete: 'username', required: true })
    const password = newPassword('password', () => email.querySelector('input').value)
    instead(
      'You are invited. An account needs no more than this.',
      sendForm([email, password], 'Create account', async given => {
        keepSession(await ask('POST', '/v1/auth/register', { ...given, invitation: token }))
        usual()
        onSignedIn()
      }),
    )
  },
  link: (link_ticket, onSignedIn) =>
    instead(
      'There is an account of this email. Give its password once, and your provider signs you in to it from then on.',
      sendForm(
        [
          field('password', 'Password', {
            type: 'password',
            autocomplete: 'current-password',
            required: true,
          }),
        ],
        'Link and sign in',
        async given => {
          keepSession(await ask('POST', '/v1/auth/oidc/link', { link_ticket, ...given }))
          usual()
          onSignedIn()
        },
      ),
    ),
  refresh_token: async (refresh_token, onSignedIn, say) => {
    try {
      keepSession(await ask('POST', '/v1/auth/refresh', { refresh_token }))
      onSignedIn()
    } catch (refused) {
      say(refused.message)
    }
  },
  'sign-in-error': (code, _, say) => say(REFUSALS[code] ?? 'Your provider did not sign you in. Try again.'),
}

/** Goes the way that the address has brought. */
export const goIn = ({ name, value }, onSignedIn, say) => WAYS[name](value, onSignedIn, say)

/** Shows the ways in that this server has. */
export async function showWays() {
  const ways = await get('/v1/auth/ways').catch(() => null)
  if (!ways) return
  byId('provider').hidden = !ways.oidc
  byId('sign-in').querySelector('[value="register"]').hidden = ways.registration !== 'open'
}
