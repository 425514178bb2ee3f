// What is kept of a person: to take along, and to have erased.
import { ask, download, get } from '../api.js'
import { el } from '../dom.js'
import { field, panel, sendForm, whole } from '../forms.js'

/** Where no deletion was asked for, the API has nothing. */
const readDeletion = () =>
  get('/v1/auth/gdpr/data-deletion').catch(refused => {
    if (refused.status === 404) return null
    throw refused
  })

export const dataPanel = () =>
  panel('Your data', readDeletion, (deletion, again) => [
    el('p', { class: 'words' }, 'Everything that Trove keeps of you, as one JSON file.'),
    sendForm([], 'Download your data', async () => {
      await download('/v1/auth/gdpr/data-export')
      return 'Downloaded.'
    }),
    deletion
      ? el(
          'div',
          {},
          el(
            'p',
            { class: 'error' },
            'Your account and all its data are erased on ',
            whole(deletion.scheduled_for),
            '.',
          ),
          sendForm([], 'Keep my account', async () => {
            await ask('DELETE', '/v1/auth/gdpr/data-deletion')
            await again('Your account stays.')
          }),
        )
      : el(
          'details',
          {},
          el('summary', {}, 'Delete your account'),
          sendForm(
            [field('password', 'Password', { type: 'password', autocomplete: 'current-password' })],
            'Delete my account and all its data',
            async given => {
              await ask('POST', '/v1/auth/gdpr/data-deletion', given)
              await again()
            },
            { isDanger: true },
          ),
        ),
  ])
