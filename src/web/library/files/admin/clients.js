import { ask, get } from '../api.js'
import { dots, el } from '../dom.js'
import { actButton, field, panel, sendForm, shownOnce, whole } from '../forms.js'

const PERMISSIONS = [
  ['read', 'Read'],
  ['write', 'Save and change'],
  ['use_chat', 'Chat'],
]

const shownSecrets = ({ client_name, api_key, client_secret }) =>
  el(
    'div',
    {},
    shownOnce(`The key of ${client_name}`, api_key),
    shownOnce(`The secret of ${client_name}, for signed requests`, client_secret),
  )

const row = (client, again, show) =>
  el(
    'li',
    {},
    el(
      'div',
      {},
      el('p', { class: 'name', dir: 'auto' }, client.client_name),
      el(
        'p',
        { class: 'facts' },
        dots(
          client.permissions.join(', '),
          client.require_signature && 'signed requests only',
          client.status !== 'active' && client.status,
          el('span', {}, client.last_used_at ? ['used ', whole(client.last_used_at)] : 'never used'),
        ),
      ),
    ),
    el(
      'div',
      { class: 'acts' },
      actButton(
        'New secret',
        async () =>
          show(await ask('POST', `/v1/integrations/clients/${client.client_id}/rotate-secret`), client),
        { sure: 'Make a new key and secret' },
      ),
      actButton(
        'Remove',
        async () => {
          await ask('DELETE', `/v1/integrations/clients/${client.client_id}`)
          await again('Removed.')
        },
        { sure: 'Remove it for good' },
      ),
    ),
  )

export function clientsPanel() {
  /** The secrets that were just made. */
  let made
  return panel(
    'Programs that call with a key',
    () => get('/v1/integrations/clients?per_page=100'),
    ({ clients }, again) => {
      const show = async (answer, client) => {
        made = shownSecrets({ client_name: client.client_name, ...answer })
        await again()
        made.querySelector('input').focus()
      }
      return [
        el('p', { class: 'words' }, 'Each acts as you, within what you tick.'),
        clients.length > 0 &&
          el(
            'ul',
            { class: 'rows' },
            clients.map(client => row(client, again, show)),
          ),
        made,
        sendForm(
          [
            field('client_name', 'Name', { required: true, maxlength: 100 }),
            el(
              'fieldset',
              {},
              el('legend', {}, 'It may'),
              PERMISSIONS.map(([name, text]) =>
                field(name, text, { type: 'checkbox', value: name === 'read' }),
              ),
            ),
            field('require_signature', 'Signed requests only', { type: 'checkbox' }),
          ],
          'Add program',
          async ({ client_name = '', require_signature, ...ticked }) => {
            const permissions = PERMISSIONS.map(([name]) => name).filter(name => ticked[name])
            const answer = await ask('POST', '/v1/integrations/clients', {
              client_name,
              require_signature,
              permissions,
            })
            await show(answer, answer)
          },
        ),
      ]
    },
  )
}
