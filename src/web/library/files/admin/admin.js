// For admins: people, invitations, programs, settings, backups.
import { el } from '../dom.js'
import { backupsPanel } from './backups.js'
import { clientsPanel } from './clients.js'
import { invitationsPanel } from './invitations.js'
import { serverPanels } from './server.js'
import { usersPanel } from './users.js'

const PARTS = {
  users: ['Users', () => [usersPanel(), invitationsPanel()]],
  clients: ['Programs', () => [clientsPanel()]],
  settings: ['Settings', serverPanels],
  backups: ['Backups', () => [backupsPanel()]],
}

const nav = current =>
  el(
    'nav',
    { class: 'parts', 'aria-label': 'Administration' },
    Object.entries(PARTS).map(([name, [title]]) =>
      el('a', { href: `#/admin/${name}`, 'aria-current': name === current ? 'page' : null }, title),
    ),
  )

/** The view of one part; the first one where the address names none. */
export const admin = {
  tab: 'admin',
  title: 'Administration',
  isSnapshot: true,
  load: async () => ({}),
  draw: (_, { params: [name = 'users'] }) => {
    const [, panels] = Object.hasOwn(PARTS, name) ? PARTS[name] : PARTS.users
    return [el('h2', {}, 'Administration'), nav(name), el('div', { class: 'panels' }, panels())]
  },
}
