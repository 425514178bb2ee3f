import { ask, get } from '../api.js'
import { dots, el } from '../dom.js'
import { actButton, field, panel, sendForm, shownOnce, whole } from '../forms.js'

const row = (invitation, again) =>
  el(
    'li',
    {},
    el(
      'div',
      {},
      el('p', { class: 'name' }, invitation.email ?? 'Whoever has the link'),
      el(
        'p',
        { class: 'facts' },
        dots(
          invitation.role,
          el(
            'span',
            {},
            invitation.used_at
              ? ['used ', whole(invitation.used_at)]
              : ['until ', whole(invitation.expires_at)],
          ),
        ),
      ),
    ),
    !invitation.used_at &&
      actButton(
        'Take back',
        async () => {
          await ask('DELETE', `/v1/invitations/${invitation.id}`)
          await again('Taken back.')
        },
        { sure: 'Take the invitation back' },
      ),
  )

export function invitationsPanel() {
  /** Of the invitation that was just made. */
  let made
  return panel(
    'Invitations',
    () => get('/v1/invitations'),
    ({ invitations }, again) => [
      el('p', { class: 'words' }, 'A link with which one person makes an account within seven days.'),
      invitations.length > 0 &&
        el(
          'ul',
          { class: 'rows' },
          invitations.map(invitation => row(invitation, again)),
        ),
      made,
      sendForm(
        [
          field('email', 'Email', {
            type: 'email',
            autocomplete: 'off',
            hint: 'Empty: whoever has the link.',
          }),
          field('role', 'Role', {
            options: ['normal', 'superuser', 'admin'].map(role => [role, role]),
            value: 'normal',
          }),
        ],
        'Invite',
        async given => {
          const { invite_url } = await ask('POST', '/v1/invitations', given)
          made = shownOnce('The invitation', invite_url)
          await again()
          made.querySelector('input').focus()
        },
      ),
    ],
  )
}
