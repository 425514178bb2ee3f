import type { Room } from '../room.ts'
import { listAuditRoute } from './audit-log/routes.ts'
import { clientRoutes } from './clients/routes.ts'
import { clientWords } from './clients/words.ts'
import { invitationRoutes } from './invitations/routes.ts'
import { eraseUser, sendMail, sweepAccounts } from './jobs.ts'
import { resealAccounts } from './keys/reseal.ts'
import { keyRoutes } from './keys/routes.ts'
import { oidcRoutes } from './oidc/routes.ts'
import { oidcWords } from './oidc/words.ts'
import { resetRoutes } from './passwords/reset-routes.ts'
import { passwordRoutes } from './passwords/routes.ts'
import { endEstimates } from './passwords/strength.ts'
import { passwordWords } from './passwords/words.ts'
import { personalTokenRoutes } from './personal-tokens/routes.ts'
import { tokenWords } from './personal-tokens/words.ts'
import { sendReturned } from './privacy/erasure/send-returned.ts'
import { privacyRoutes } from './privacy/routes.ts'
import { privacyWords } from './privacy/words.ts'
import { profileRoutes } from './profile/routes.ts'
import { sessionRoutes } from './sessions/routes.ts'
import { signInRoutes } from './sign-in/routes.ts'
import { KNOWN_DAYS } from './store.ts'
import { makeFirstAdmin } from './users/first-admin.ts'
import { userRoutes } from './users/routes.ts'
import { userWords } from './users/words.ts'
import { accountsVariables } from './variables.ts'
import { words } from './words.ts'

export const accounts: Room = {
  name: 'accounts',
  words: [words, tokenWords, clientWords, userWords, oidcWords, passwordWords, privacyWords],
  variables: accountsVariables,
  tags: {
    Accounts: 'Who you are, where you are signed in, and what was done in your name.',
    Administration: 'For admins: users, invitations, programs, keys.',
  },
  routes: [
    ...signInRoutes,
    ...oidcRoutes,
    ...sessionRoutes,
    ...passwordRoutes,
    ...resetRoutes,
    ...profileRoutes,
    ...personalTokenRoutes,
    ...clientRoutes,
    ...keyRoutes,
    ...userRoutes,
    ...invitationRoutes,
    ...privacyRoutes,
    listAuditRoute,
  ],
  starts: async context => {
    // Before it is asked whether there is an admin.
    await sendReturned(context)
    await makeFirstAdmin(context)
    await resealAccounts(context)
  },
  closes: endEstimates,
  jobs: [eraseUser, sendMail, sweepAccounts],
  clock: () => [{ pattern: '*/10 * * * *', job: sweepAccounts }],
  tables: {
    users: {
      of: 'everybody',
      keeps: 'until the account is erased',
      exported: true,
      by: 'id',
      withheld: { password_hash: 'a secret', created_by: 'it names somebody else' },
      erasure: 'the row goes, and in those of others the name of who made them',
    },
    known_networks: { of: 'server', keeps: KNOWN_DAYS },
    sessions: { of: 'user', keeps: 'until it ends, at most 90 days or JWT_EXPIRY_DAYS', exported: true },
    password_resets: { of: 'user', keeps: 'an hour', exported: 'it holds only the hash of a link' },
    personal_tokens: {
      of: 'user',
      keeps: 'until it is revoked',
      exported: true,
      withheld: { token_hash: 'a secret' },
    },
    sign_in_identities: {
      of: 'everybody',
      keeps: 'until the account is erased',
      exported: true,
      by: 'account_id',
      withheld: { identity_hash: 'a secret' },
      erasure: 'they go',
    },
    signing_keys: { of: 'server', keeps: '90 days after it has ended' },
    api_clients: {
      of: 'server',
      keeps: 'until it is removed',
      exported: true,
      by: 'acts_as_user_id',
      withheld: {
        key_hash: 'a secret',
        secret_sealed: 'a secret',
        previous_key_hash: 'a secret',
        previous_secret_sealed: 'a secret',
        created_by: 'it names somebody else',
      },
      erasure: 'those that act as the user go, and in others the name of who made them',
    },
    used_nonces: { of: 'server', keeps: 'eleven minutes' },
    invitations: {
      of: 'server',
      keeps: 30,
      erasure: 'those to the user’s email go, and in others the name of who made them',
    },
    erasures: { of: 'server', keeps: 'for good, so that no backup brings somebody back' },
  },
}
