import { route } from '../../route.ts'
import { ME } from '../examples.ts'
import { usernameTaken } from '../problems.ts'
import { MeAnswer, ProfileBody } from '../schema.ts'
import { editProfile, findProfile, type Profile } from '../store.ts'

const shown = (profile: Profile, permissions: readonly string[]) => ({
  ...profile,
  roles: [profile.role],
  permissions: permissions.filter(name => name !== 'operate'),
})

const getMe = route(
  'GET /v1/auth/me',
  {
    id: 'getMe',
    tag: 'Accounts',
    summary: 'The signed-in user',
    description: 'The user that the token belongs to, and what it may do.',
    may: 'read',
    before_password_change: true,
    limit: 'default',
    gives: { body: MeAnswer, text: 'The signed-in user.', example: ME },
  },
  async ({ sql, user }) => shown(await findProfile(sql, user.id), user.permissions),
)

const editMe = route(
  'PATCH /v1/auth/me',
  {
    id: 'editMe',
    tag: 'Accounts',
    summary: 'Change your profile',
    description: 'What is left out stays as it is; null takes it away.',
    may: 'write',
    in_person: true,
    limit: 'writes',
    body: ProfileBody,
    example: { full_name: 'Alice Example', timezone: 'Europe/London' },
    gives: { body: MeAnswer, text: 'The user as they are now.', example: ME },
    problems: [usernameTaken],
    audit: { of: 'user', actions: ['edit_profile'] },
  },
  async ({ tx, user, body, audit }) => {
    await editProfile(tx, user.id, body)
    await audit(user.id, { fields: Object.keys(body) })
    return shown(await findProfile(tx, user.id), user.permissions)
  },
)

export const profileRoutes = [getMe, editMe]
