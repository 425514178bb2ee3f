import { ask, get, session } from '../api.js'
import { dots, el, plural } from '../dom.js'
import { field, panel, sendForm, shownOnce, sureButton, whole } from '../forms.js'

const ROLES = ['normal', 'superuser', 'admin'].map(role => [role, role])
const A_PAGE = 20

/** Changes a user, and draws the list anew. */
const change = (user, again, fields, said) => async () => {
  await ask('PATCH', `/v1/users/${user.user_id}`, fields)
  await again(said)
}

function manage(user, again, tell) {
  const isSelf = user.email === session()?.email
  if (user.is_deleted) {
    return [
      el(
        'button',
        {
          type: 'button',
          class: 'quiet',
          onclick: () =>
            tell(
              ask('POST', `/v1/users/${user.user_id}/restore`).then(() => again(`${user.email} is back.`)),
            ),
        },
        'Restore',
      ),
    ]
  }
  const role = el(
    'select',
    {
      'aria-label': `Role of ${user.email}`,
      disabled: isSelf,
      onchange: () =>
        tell(change(user, again, { role: role.value }, `${user.email} is ${role.value} now.`)(), again),
    },
    ROLES.map(([value, text]) => el('option', { value, selected: value === user.role }, text)),
  )
  return [
    role,
    el(
      'button',
      {
        type: 'button',
        class: 'quiet',
        onclick: () =>
          tell(
            ask('POST', `/v1/users/${user.user_id}/password-reset`).then(({ reset_url }) =>
              reset_url
                ? tell(null, null, shownOnce(`The link for ${user.email} to set a new password`, reset_url))
                : again(`A mail is on its way to ${user.email}.`),
            ),
          ),
      },
      'Password link',
    ),
    !isSelf &&
      el(
        'button',
        {
          type: 'button',
          class: 'quiet',
          onclick: () =>
            tell(
              ask('PUT', `/v1/users/${user.user_id}/status`, { active: !user.active }).then(() =>
                again(`${user.email} is ${user.active ? 'disabled' : 'enabled'}.`),
              ),
            ),
        },
        user.active ? 'Disable' : 'Enable',
      ),
    !isSelf &&
      sureButton('Remove', 'Remove the account', () =>
        tell(ask('DELETE', `/v1/users/${user.user_id}`).then(() => again(`${user.email} is in the trash.`))),
      ),
  ]
}

const row = (user, again, tell) =>
  el(
    'li',
    {},
    el(
      'div',
      {},
      el('p', { class: 'name' }, user.email),
      el(
        'p',
        { class: 'facts' },
        dots(
          user.username,
          !user.active && 'disabled',
          user.must_change_password && 'must set a new password',
          el('span', {}, user.last_login ? ['last here ', whole(user.last_login)] : 'never signed in'),
        ),
      ),
    ),
    el('div', { class: 'acts' }, manage(user, again, tell)),
  )

export function usersPanel() {
  const wanted = { search: '', deleted: false, page: 1 }
  const shown = el('div')
  const read = async () => {
    const query = new URLSearchParams({ per_page: A_PAGE, page: wanted.page })
    if (wanted.search) query.set('search', wanted.search)
    if (wanted.deleted) query.set('deleted', 'true')
    const found = await get(`/v1/users?${query}`)
    return { ...found, users: found.users.map(user => ({ ...user, is_deleted: wanted.deleted })) }
  }
  return panel('Users', read, (found, again) => {
    /** What could not be done is said, and what was made is shown. */
    const tell = async (doing, _again, made) => {
      shown.replaceChildren()
      if (made) {
        shown.append(made)
        made.querySelector('input').focus()
        return
      }
      await doing?.catch(refused => {
        shown.append(el('p', { class: 'error', role: 'alert' }, refused.message))
      })
    }
    const turn = by => () => {
      wanted.page += by
      again()
    }
    return [
      el(
        'form',
        {
          class: 'field',
          role: 'search',
          onsubmit: event => {
            event.preventDefault()
            Object.assign(wanted, { search: event.target.elements.search.value, page: 1 })
            again()
          },
        },
        el('input', {
          name: 'search',
          type: 'search',
          'aria-label': 'Find a user',
          placeholder: 'Email or name',
          value: wanted.search,
        }),
        el('button', { type: 'submit', class: 'second' }, 'Find'),
      ),
      el(
        'label',
        { class: 'choice' },
        el('input', {
          type: 'checkbox',
          checked: wanted.deleted,
          onchange: ({ target }) => {
            Object.assign(wanted, { deleted: target.checked, page: 1 })
            again()
          },
        }),
        'In the trash',
      ),
      shown,
      el('p', { class: 'facts' }, plural(found.total, 'user')),
      el(
        'ul',
        { class: 'rows' },
        found.users.map(user => row(user, again, tell)),
      ),
      (wanted.page > 1 || found.has_next) &&
        el(
          'div',
          { class: 'row' },
          el(
            'button',
            { type: 'button', class: 'second', disabled: wanted.page === 1, onclick: turn(-1) },
            'Before',
          ),
          el(
            'button',
            { type: 'button', class: 'second', disabled: !found.has_next, onclick: turn(1) },
            'Next',
          ),
        ),
      el(
        'details',
        {},
        el('summary', {}, 'Add a user'),
        sendForm(
          [
            field('email', 'Email', { type: 'email', autocomplete: 'off', required: true }),
            field('password', 'First password', {
              type: 'password',
              autocomplete: 'new-password',
              required: true,
              hint: 'They must set their own when they sign in.',
            }),
            field('role', 'Role', { options: ROLES, value: 'normal' }),
          ],
          'Add user',
          async given => {
            await ask('POST', '/v1/users', given)
            await again(`${given.email} may sign in.`)
          },
        ),
      ),
    ]
  })
}
