import { ask, get, session } from '../api.js'
import { dots, el, plural } from '../dom.js'
import { actButton, field, panel, sendForm, shownOnce, whole } from '../forms.js'

const ROLES = ['normal', 'superuser', 'admin'].map(role => [role, role])
const A_PAGE = 20

/** What may be done with a user; `show` shows a link that was made. */
function actsOn(user, again, show) {
  const path = `/v1/users/${user.user_id}`
  const then = (doing, said) => async () => {
    await doing()
    await again(said)
  }
  if (user.is_deleted) {
    return actButton(
      'Restore',
      then(() => ask('POST', `${path}/restore`), `${user.email} is back.`),
    )
  }
  const setRole = async role => {
    await ask('PATCH', path, { role })
    await again(`${user.email} is ${role} now.`)
  }
  const makeLink = async () => {
    const { reset_url } = await ask('POST', `${path}/password-reset`)
    if (!reset_url) return `A mail is on its way to ${user.email}.`
    await show(shownOnce(`The link for ${user.email} to set a new password`, reset_url))
  }
  const isSelf = user.email === session()?.email
  const isOn = user.active
  return [
    el(
      'select',
      {
        'aria-label': `Role of ${user.email}`,
        disabled: isSelf,
        onchange: ({ target }) => setRole(target.value).catch(refused => again(refused.message)),
      },
      ROLES.map(([value, text]) => el('option', { value, selected: value === user.role }, text)),
    ),
    actButton('Password link', makeLink),
    !isSelf &&
      actButton(
        isOn ? 'Disable' : 'Enable',
        then(
          () => ask('PUT', `${path}/status`, { active: !isOn }),
          `${user.email} is ${isOn ? 'disabled' : 'enabled'}.`,
        ),
      ),
    !isSelf &&
      actButton(
        'Remove',
        then(() => ask('DELETE', path), `${user.email} is in the trash.`),
        { sure: 'Remove the account' },
      ),
  ]
}

const row = (user, again, show) =>
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
    el('div', { class: 'acts' }, actsOn(user, again, show)),
  )

export function usersPanel() {
  const wanted = { search: '', deleted: false, page: 1 }
  /** The link that was just made. */
  let made
  const read = async () => {
    const query = new URLSearchParams({ per_page: A_PAGE, page: wanted.page })
    if (wanted.search) query.set('search', wanted.search)
    if (wanted.deleted) query.set('deleted', 'true')
    const found = await get(`/v1/users?${query}`)
    return { ...found, users: found.users.map(user => ({ ...user, is_deleted: wanted.deleted })) }
  }
  return panel('Users', read, (found, again) => {
    const show = async link => {
      made = link
      await again()
      made.querySelector('input').focus()
      made = undefined
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
      made,
      el('p', { class: 'facts' }, plural(found.total, 'user')),
      el(
        'ul',
        { class: 'rows' },
        found.users.map(user => row(user, again, show)),
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
