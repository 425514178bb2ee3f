import { ask } from '../api.js'
import { el } from '../dom.js'
import { field, panel, sendForm } from '../forms.js'

const FIELDS = [
  ['full_name', 'Name', { autocomplete: 'name', maxlength: 200 }],
  [
    'username',
    'Username',
    { autocomplete: 'off', hint: 'To sign in by, beside your email: a-z, 0-9, _ and -.' },
  ],
  ['company_name', 'Company', { autocomplete: 'organization', maxlength: 200 }],
  ['locale', 'Language', { placeholder: 'en-GB' }],
  ['timezone', 'Time zone', { placeholder: 'Europe/London', list: 'timezones' }],
]

export const profilePanel = me =>
  panel(
    'Profile',
    async () => me,
    () => [
      el('p', { class: 'facts' }, `${me.email} · ${me.role}`),
      el(
        'datalist',
        { id: 'timezones' },
        (Intl.supportedValuesOf?.('timeZone') ?? []).map(name => el('option', { value: name })),
      ),
      sendForm(
        FIELDS.map(([name, label, props]) => field(name, label, { ...props, value: me[name] })),
        'Save profile',
        async given => {
          // What was emptied is taken away.
          const profile = Object.fromEntries(FIELDS.map(([name]) => [name, given[name] ?? null]))
          me = await ask('PATCH', '/v1/auth/me', profile)
          return 'Saved.'
        },
        { isKept: true },
      ),
    ],
  )
