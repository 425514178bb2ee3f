import { ask, get } from '../api.js'
import { dots, el } from '../dom.js'
import { actButton, field, panel, sendForm, shownOnce, whole } from '../forms.js'

const SCOPES = [
  ['read', 'Read your library'],
  ['save', 'Save links'],
  ['write', 'Change everything in your library'],
  ['chat', 'Chat'],
]

const row = (token, again) =>
  el(
    'li',
    {},
    el(
      'div',
      {},
      el('p', { class: 'name', dir: 'auto' }, token.name),
      el(
        'p',
        { class: 'facts' },
        dots(
          token.scopes.join(', '),
          el('span', {}, token.last_used_at ? ['used ', whole(token.last_used_at)] : 'never used'),
          token.expires_at && el('span', {}, 'until ', whole(token.expires_at)),
        ),
      ),
    ),
    actButton(
      'Revoke',
      async () => {
        await ask('DELETE', `/v1/auth/tokens/${token.id}`)
        await again('Revoked.')
      },
      { sure: 'Revoke it for good' },
    ),
  )

export function tokensPanel() {
  /** Of the token that was just made. */
  let made
  return panel(
    'Tokens for your programs',
    () => get('/v1/auth/tokens'),
    ({ tokens }, again) => [
      el(
        'p',
        { class: 'words' },
        'For scripts, a browser extension or your phone: each may do what you tick, and no more.',
      ),
      tokens.length > 0 &&
        el(
          'ul',
          { class: 'rows' },
          tokens.map(token => row(token, again)),
        ),
      made,
      sendForm(
        [
          field('name', 'Name', { required: true, maxlength: 100, placeholder: 'Browser extension' }),
          el(
            'fieldset',
            {},
            el('legend', {}, 'It may'),
            SCOPES.map(([scope, text]) => field(scope, text, { type: 'checkbox', value: scope === 'save' })),
          ),
        ],
        'Make a token',
        async ({ name = '', ...ticked }) => {
          const scopes = SCOPES.map(([scope]) => scope).filter(scope => ticked[scope])
          const { token } = await ask('POST', '/v1/auth/tokens', { name, scopes })
          made = shownOnce(`The token of ${name}`, token)
          await again()
          made.querySelector('input').focus()
        },
      ),
    ],
  )
}
