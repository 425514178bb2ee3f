import { ask, download, get } from '../api.js'
import { dots, el } from '../dom.js'
import { actButton, panel, sendForm, whole } from '../forms.js'

/** A backup is made within seconds, or minutes: looked for at this pace. */
const LOOK_MS = 1500
const WORDS = { PENDING: 'waiting', PROCESSING: 'being made', READY: '', FAILED: 'failed' }

const sizeOf = bytes =>
  bytes < 1e6
    ? `${Math.ceil(bytes / 1000)} KB`
    : `${(bytes / 1e6).toLocaleString(undefined, { maximumFractionDigits: 1 })} MB`

function row(backup, again) {
  const verify = async () => {
    const { valid } = await ask('POST', `/v1/backups/${backup.id}/verify`)
    return valid ? 'Whole.' : 'It is not what was written.'
  }
  return el(
    'li',
    {},
    el(
      'div',
      {},
      el('p', { class: 'name' }, whole(backup.created_at)),
      el(
        'p',
        { class: 'facts' },
        dots(WORDS[backup.status], backup.bytes && sizeOf(backup.bytes), backup.error_message),
      ),
    ),
    el(
      'div',
      { class: 'acts' },
      backup.status === 'READY' && [
        actButton('Download', () => download(`/v1/backups/${backup.id}/download`)),
        actButton('Verify', verify),
      ],
      actButton(
        'Delete',
        async () => {
          await ask('DELETE', `/v1/backups/${backup.id}`)
          await again('Deleted.')
        },
        { sure: 'Delete the backup' },
      ),
    ),
  )
}

export const backupsPanel = () =>
  panel(
    'Backups',
    () => get('/v1/backups'),
    ({ backups }, again) => {
      const list = el(
        'ul',
        { class: 'rows' },
        backups.map(backup => row(backup, again)),
      )
      const isUnderWay = backups.some(({ status }) => status === 'PENDING' || status === 'PROCESSING')
      if (isUnderWay) setTimeout(() => list.isConnected && again(), LOOK_MS)
      return [
        el(
          'p',
          { class: 'words' },
          'Everything in the database as it is at one moment. To restore one: npm run restore, into an empty database.',
        ),
        list,
        sendForm([], 'Back up now', async () => {
          await ask('POST', '/v1/backups')
          await again()
        }),
      ]
    },
  )
