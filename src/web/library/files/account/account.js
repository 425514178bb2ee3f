// A person's own account: profile, password, where they are signed in, tokens for their programs, their data.
import { get } from '../api.js'
import { el } from '../dom.js'
import { dataPanel } from './data.js'
import { passwordPanel } from './password.js'
import { profilePanel } from './profile.js'
import { sessionsPanel } from './sessions.js'
import { tokensPanel } from './tokens.js'

export const account = {
  tab: 'account',
  title: 'Your account',
  isSnapshot: true,
  load: () => get('/v1/auth/me'),
  draw: (me, { changed }) => [
    el('h2', {}, 'Your account'),
    me.must_change_password &&
      el('p', { class: 'notice', role: 'alert' }, 'Set a new password before you go on.'),
    el(
      'div',
      { class: 'panels' },
      ...(me.must_change_password
        ? [passwordPanel(me, changed)]
        : [profilePanel(me), passwordPanel(me, changed), sessionsPanel(), tokensPanel(), dataPanel(me)]),
    ),
  ],
}
