import { ask, dropSession, get } from '../api.js'
import { el } from '../dom.js'
import { actButton, panel, whole } from '../forms.js'

/** `Mozilla/5.0 (X11; Linux x86_64) … Firefox/140.0` -> `Firefox, Linux`; what is no browser stays as it is. */
function deviceOf(agent) {
  if (!agent) return 'Unknown device'
  const [browser] = agent.match(/Edg|OPR|Firefox|Chrome|Safari/) ?? []
  const [system] = agent.match(/Android|iPhone|iPad|Windows|Mac OS X|Linux/) ?? []
  if (!browser) return agent.slice(0, 60)
  const names = { Edg: 'Edge', OPR: 'Opera', 'Mac OS X': 'macOS' }
  return [browser, system]
    .filter(Boolean)
    .map(name => names[name] ?? name)
    .join(', ')
}

const row = (session, again) =>
  el(
    'li',
    {},
    el(
      'div',
      {},
      el('p', { class: 'name' }, deviceOf(session.user_agent)),
      el(
        'p',
        { class: 'facts' },
        session.is_current ? 'This device' : ['Last used ', whole(session.last_used_at)],
        session.ip_address ? ` · ${session.ip_address}` : '',
      ),
    ),
    !session.is_current &&
      actButton(
        'Sign out',
        async () => {
          await ask('DELETE', `/v1/auth/sessions/${session.id}`)
          await again('Signed out.')
        },
        { sure: 'Sign this device out' },
      ),
  )

export const sessionsPanel = () =>
  panel(
    'Where you are signed in',
    () => get('/v1/auth/sessions'),
    ({ sessions }, again) => [
      el(
        'ul',
        { class: 'rows' },
        sessions.map(session => row(session, again)),
      ),
      actButton(
        'Sign out everywhere',
        async () => {
          await ask('POST', '/v1/auth/logout', { all: true })
          dropSession('You are signed out everywhere.')
        },
        { sure: 'Sign out here and everywhere' },
      ),
    ],
  )
