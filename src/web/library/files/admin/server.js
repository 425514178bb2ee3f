// What is set while the server runs, the keys of its tokens, and the way to the queue.
import { ask, get } from '../api.js'
import { dots, el } from '../dom.js'
import { actButton, field, panel, sendForm, whole } from '../forms.js'

const SETTINGS = [
  [
    'registration',
    'Who may make an account',
    {
      options: [
        ['open', 'Anybody'],
        ['invite', 'Who was invited'],
        ['closed', 'Nobody'],
      ],
    },
  ],
  ['rate_limit_max_requests', 'Requests that a user may make', { type: 'number', min: 1, max: 10_000 }],
  ['rate_limit_window', 'In how many seconds', { type: 'number', min: 1, max: 86_400 }],
  [
    'circuit_breaker_failure_threshold',
    'Failures in a row until a service is left alone',
    { type: 'number', min: 1, max: 100 },
  ],
  ['circuit_breaker_timeout', 'For how many seconds it is left alone', { type: 'number', min: 1, max: 3600 }],
]

const settingsPanel = () =>
  panel(
    'Settings',
    () => get('/v1/config'),
    (config, again) =>
      sendForm(
        SETTINGS.map(([name, label, props]) => field(name, label, { ...props, value: config[name] })),
        'Save settings',
        async given => {
          await ask('PUT', '/v1/config', given)
          await again('Saved, and in force everywhere.')
        },
        { isKept: true },
      ),
  )

const keysPanel = () =>
  panel(
    'Signing keys',
    () => get('/v1/auth/keys'),
    ({ keys }, again) => {
      const rotate = revoke_previous => async () => {
        await ask('POST', '/v1/auth/keys/rotate', { revoke_previous })
        await again('There is a new key.')
      }
      return [
        el(
          'ul',
          { class: 'rows' },
          keys
            .filter(({ status }) => status !== 'ended')
            .map(({ kid, status, source, created_at }) =>
              el(
                'li',
                {},
                el(
                  'div',
                  {},
                  el('p', { class: 'name' }, kid),
                  el('p', { class: 'facts' }, dots(status, source, whole(created_at))),
                ),
              ),
            ),
        ),
        el(
          'div',
          { class: 'row' },
          actButton('New key', rotate(false)),
          actButton('New key, and end all tokens', rotate(true), { sure: 'End all access tokens now' }),
        ),
      ]
    },
  )

/** The queue's pages have a session of their own, since a link brings no token. */
const queuePanel = () =>
  panel(
    'Jobs',
    async () => ({}),
    () =>
      sendForm([], 'Open the queue', async () => {
        await ask('POST', '/admin/session')
        location.assign('/admin/queues')
      }),
  )

export const serverPanels = () => [settingsPanel(), keysPanel(), queuePanel()]
