// Accounts that were removed, until they are erased.
import { problem } from '../../ground/http/problem.ts'
import { notFound } from '../../ground/http/problems.ts'
import { route } from '../../route.ts'
import { findWish } from '../privacy/store.ts'
import { emailTaken, lastAdmin, usernameTaken } from '../problems.ts'
import { endSessions } from '../sessions/store.ts'
import { MANAGED_USER } from './examples.ts'
import { keepAnAdmin, shown, userNotFound } from './managed.ts'
import { DeletedAnswer, ManagedUser, UserParams } from './schema.ts'
import { lockUser, restoreUser, trashUser } from './store.ts'

const ownAccount = problem(400, 'OWN_ACCOUNT', 'Cannot delete your own account')
const notInTrash = notFound('There is no such user in the trash')

const remove = route(
  'DELETE /v1/users/:id',
  {
    reaches: 'everybody',
    id: 'deleteUser',
    tag: 'Administration',
    summary: 'Delete an account',
    description:
      'Into the trash: nobody signs in, email and username are free at once, and an admin may restore it until it is erased with all its data after GDPR_GRACE_DAYS.',
    may: 'admin',
    in_person: true,
    limit: 'users_delete',
    params: UserParams,
    gives: {
      status: 200,
      body: DeletedAnswer,
      text: 'It is in the trash.',
      example: { message: 'User deleted successfully' },
    },
    problems: [ownAccount, userNotFound, lastAdmin],
    audit: { of: 'user', actions: ['user_deleted'] },
  },
  async ({ tx, user, params: { id }, context: { config }, audit }) => {
    if (user.id === id) throw ownAccount()
    const target = await lockUser(tx, id)
    if (!target) throw userNotFound()
    await keepAnAdmin(tx, target)
    await endSessions(tx, id)
    await trashUser(tx, id, config.GDPR_GRACE_DAYS)
    await audit(id)
    return { message: 'User deleted successfully' as const }
  },
)

const restore = route(
  'POST /v1/users/:id/restore',
  {
    reaches: 'everybody',
    id: 'restoreUser',
    tag: 'Administration',
    summary: 'Take an account out of the trash',
    description:
      'With everything that it had, but its sessions and tokens. Its email must not have been taken meanwhile.',
    may: 'admin',
    in_person: true,
    limit: 'writes',
    params: UserParams,
    gives: { body: ManagedUser, text: 'The user, who may sign in again.', example: MANAGED_USER },
    problems: [notInTrash, emailTaken, usernameTaken],
    audit: { of: 'user', actions: ['user_restored'] },
  },
  async ({ tx, params: { id }, audit }) => {
    if (!(await lockUser(tx, id, true))) throw notInTrash()
    const restored = await restoreUser(tx, id, await findWish(tx, id))
    await audit(id)
    return shown(restored)
  },
)

export const trashRoutes = [remove, restore]
