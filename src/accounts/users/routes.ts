import { v7 as uuidv7 } from 'uuid'
import { atOneMoment } from '../../ground/database/together.ts'
import { route } from '../../route.ts'
import { hashNewPassword } from '../passwords/new-password.ts'
import { emailTaken, lastAdmin, usernameTaken } from '../problems.ts'
import { endSessions } from '../sessions/store.ts'
import { tooBusy } from '../sign-in/turns.ts'
import { editProfile, insertUser } from '../store.ts'
import { MANAGED_USER } from './examples.ts'
import { keepAnAdmin, shown, userNotFound } from './managed.ts'
import { isAdmin, mayManage, mayNotUpdate, mayNotView, mayView } from './rules.ts'
import {
  EditUserBody,
  ManagedUser,
  NewUserBody,
  PreferencesBody,
  StatusBody,
  UserParams,
  UsersAnswer,
  UsersQuery,
} from './schema.ts'
import { changeUser, countUsers, findUser, listUsers, lockUser } from './store.ts'
import { trashRoutes } from './trash-routes.ts'

const list = route(
  'GET /v1/users',
  {
    id: 'listUsers',
    tag: 'Administration',
    summary: 'The users of this server',
    description: 'The newest first. `deleted=true` lists those in the trash.',
    may: 'admin',
    limit: 'users_list',
    query: UsersQuery,
    gives: {
      body: UsersAnswer,
      text: 'A page of users.',
      example: { users: [MANAGED_USER], total: 1, page: 1, per_page: 20, has_next: false },
    },
  },
  async ({ sql, query: { page, per_page, ...filters } }) => {
    const [users, total] = await atOneMoment(sql, sql => [
      listUsers(sql, filters, { limit: per_page, offset: (page - 1) * per_page }),
      countUsers(sql, filters),
    ])
    return { users: users.map(shown), total, page, per_page, has_next: page * per_page < total }
  },
)

const create = route(
  'POST /v1/users',
  {
    reaches: 'everybody',
    id: 'createUser',
    tag: 'Administration',
    summary: 'Create an account for somebody',
    description: 'Unless said otherwise, its user must set a new password at the first sign-in.',
    may: 'admin',
    in_person: true,
    limit: 'users_create',
    body: NewUserBody,
    example: { email: 'bob@example.com', password: 'a first password to change', role: 'normal' },
    gives: {
      status: 201,
      body: ManagedUser,
      text: 'The new user.',
      example: MANAGED_USER,
      location: ({ id }) => `/v1/users/${id}`,
    },
    problems: [emailTaken, usernameTaken, tooBusy],
    audit: { of: 'user', actions: ['user_created'] },
  },
  {
    prepare: ask => hashNewPassword(ask, ask.body.password, ask.body.email ?? ask.body.username!),
    handle: async ({ tx, body, user: by, context: { config }, prepared: password_hash, audit }) => {
      const { email, username, role, must_change_password, subscription_tier = config.DEFAULT_TIER } = body
      const { full_name, company_name, locale, timezone } = body
      const isEmail = username?.includes('@')
      const id = uuidv7()
      await insertUser(tx, {
        ...{ id, password_hash, role, must_change_password, subscription_tier },
        email: email ?? username!,
        username: isEmail ? null : (username ?? null),
        created_by: by.id,
      })
      await editProfile(tx, id, { full_name, company_name, locale, timezone })
      await audit(id, { role })
      return shown((await findUser(tx, id))!)
    },
  },
)

const getOne = route(
  'GET /v1/users/:id',
  {
    id: 'getUser',
    tag: 'Administration',
    summary: 'One user',
    description: 'Yourself; superusers see normal users, admins everybody.',
    may: 'read',
    limit: 'default',
    params: UserParams,
    gives: { body: ManagedUser, text: 'The user.', example: MANAGED_USER },
    problems: [mayNotView, userNotFound],
  },
  async ({ sql, user, params: { id } }) => {
    const target = await findUser(sql, id)
    if (!mayView(user, id, target)) throw mayNotView()
    if (!target) throw userNotFound()
    return shown(target)
  },
)

/** What only others may change of an account, not its own user. */
const BY_OTHERS = ['role', 'active', 'must_change_password', 'subscription_tier'] as const

const edit = route(
  'PATCH /v1/users/:id',
  {
    reaches: 'everybody',
    id: 'editUser',
    tag: 'Administration',
    summary: 'Change a user',
    description:
      'What is left out stays. Of yourself: username, email and profile. Superusers change normal users, but not their role; admins everybody. Whose role changes, or who is disabled, is signed out everywhere.',
    may: 'write',
    in_person: true,
    limit: 'writes',
    params: UserParams,
    body: EditUserBody,
    example: { full_name: 'Bob Example' },
    gives: { body: ManagedUser, text: 'The user as they are now.', example: MANAGED_USER },
    problems: [mayNotUpdate, userNotFound, emailTaken, usernameTaken, lastAdmin],
    aliases: ['PUT /v1/users/:id'],
    audit: { of: 'user', actions: ['user_updated'] },
  },
  async ({ tx, user, params, body, audit }) => {
    const target = await lockUser(tx, params.id)
    const isOwn = user.id === params.id && BY_OTHERS.every(name => body[name] === undefined)
    const isRoleKept = body.role === undefined || isAdmin(user)
    if (!isOwn && !(mayManage(user, target) && isRoleKept)) throw mayNotUpdate()
    if (!target) throw userNotFound()
    const { active, ...rest } = body
    // Of other systems the username is the email.
    const { username } = rest
    if (username?.includes('@')) Object.assign(rest, { email: username, username: undefined })
    const isOut = active === false && target.active
    const isDemoted = rest.role !== undefined && rest.role !== target.role
    if (isOut || isDemoted) await keepAnAdmin(tx, target)
    const changed = await changeUser(tx, params.id, {
      ...(rest as Parameters<typeof changeUser>[2]),
      ...(active === undefined ? {} : { is_active: active }),
    })
    if (isOut || isDemoted) await endSessions(tx, params.id)
    await audit(params.id, {
      fields: Object.keys(body),
      ...(isDemoted ? { role: rest.role! } : {}),
    })
    return shown(changed)
  },
)

const setStatus = route(
  'PUT /v1/users/:id/status',
  {
    reaches: 'everybody',
    id: 'setUserStatus',
    tag: 'Administration',
    summary: 'Disable or enable an account',
    description:
      'Who is disabled is signed out everywhere at once, and their programs with them; nothing is lost.',
    may: 'update_user',
    in_person: true,
    limit: 'writes',
    params: UserParams,
    body: StatusBody,
    example: { active: false },
    gives: { body: ManagedUser, text: 'The user as they are now.', example: MANAGED_USER },
    problems: [mayNotUpdate, userNotFound, lastAdmin],
    audit: { of: 'user', actions: ['user_enabled', 'user_disabled'] },
  },
  async ({ tx, user, params, body, audit }) => {
    const target = await lockUser(tx, params.id)
    if (!mayManage(user, target)) throw mayNotUpdate()
    if (!target) throw userNotFound()
    if (!body.active) {
      await keepAnAdmin(tx, target)
      await endSessions(tx, params.id)
    }
    const changed = await changeUser(tx, params.id, { is_active: body.active })
    await audit(params.id, {}, { action: body.active ? 'user_enabled' : 'user_disabled' })
    return shown(changed)
  },
)

const setPreferences = route(
  'PUT /v1/users/:id/preferences',
  {
    reaches: 'everybody',
    id: 'setPreferences',
    tag: 'Administration',
    summary: 'Keep preferences for a user',
    description:
      'Any JSON object of at most 16 KB, for your client; it replaces the one of before. Your own, or as you may change users.',
    may: 'write',
    limit: 'writes',
    params: UserParams,
    body: PreferencesBody,
    example: { theme: 'dark' },
    gives: { body: ManagedUser, text: 'The user as they are now.', example: MANAGED_USER },
    problems: [mayNotUpdate, userNotFound],
    audit: { of: 'user', actions: ['preferences_set'] },
  },
  async ({ tx, user, params: { id }, body, audit }) => {
    const target = await lockUser(tx, id)
    if (user.id !== id && !mayManage(user, target)) throw mayNotUpdate()
    if (!target) throw userNotFound()
    const changed = await changeUser(tx, id, { preferences: body })
    await audit(id)
    return shown(changed)
  },
)

export const userRoutes = [list, create, getOne, edit, setStatus, setPreferences, ...trashRoutes]
