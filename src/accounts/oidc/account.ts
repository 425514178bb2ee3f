// Whose account somebody is who has signed in at the provider.
import { createHash } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import * as v from 'valibot'
import type { Context } from '../../context.ts'
import type { Sql } from '../../ground/database/connection.ts'
import { admitsAnybody } from '../invitations/registration.ts'
import { accountDisabled } from '../problems.ts'
import { Email } from '../schema.ts'
import { findLogin, findPassword, insertUser } from '../store.ts'
import { accountDeleted, emailMissing, emailNotVerified, registrationClosed } from './problems.ts'
import type { Person } from './provider.ts'
import { addIdentity, findIdentity } from './store.ts'

/** What was found or done: `link_required` leaves all as it was. */
export interface Found {
  account_id: string
  by: 'identity' | 'link_identity' | 'register' | 'link_required'
}

/**
 * The account of a person: the one that they are linked to, else the one of their email, else a new one.
 * @throws {Problem} 400 or 403
 * @throws the constraint `users_email_taken` where somebody makes it at the same moment
 */
export async function findOrMakeAccount(tx: Sql, context: Context, person: Person): Promise<Found> {
  const { success, output: email } = v.safeParse(Email, person.email)
  // Before the identity: an account that another device makes in between is then found by that.
  const account = success ? await findLogin(tx, email) : undefined
  const linked = await findIdentity(tx, hashOf(person))
  if (linked) {
    await assertUsable(tx, linked)
    return { account_id: linked, by: 'identity' }
  }
  if (!success) throw emailMissing()
  const { is_email_verified } = person
  if (!account) return { account_id: await makeAccount(tx, context, person, email), by: 'register' }
  const account_id = account.id
  if (!context.config.OIDC_LINK_VERIFIED_EMAIL || !is_email_verified)
    return { account_id, by: 'link_required' }
  if (!account.is_active) throw accountDisabled()
  await linkIdentity(tx, person, account_id)
  return { account_id, by: 'link_identity' }
}

/** Makes an account that of a person from now on, unless they have one: this or another. */
export async function linkIdentity(
  tx: Sql,
  { issuer, subject }: Pick<Person, 'issuer' | 'subject'>,
  account_id: string,
): Promise<'linked' | 'was linked' | 'taken'> {
  const identity_hash = hashOf({ issuer, subject })
  if (await addIdentity(tx, { identity_hash, account_id, issuer })) return 'linked'
  return (await findIdentity(tx, identity_hash)) === account_id ? 'was linked' : 'taken'
}

async function makeAccount(tx: Sql, context: Context, person: Person, email: string): Promise<string> {
  if (!(await admitsAnybody(tx, context))) throw registrationClosed()
  if (!person.is_email_verified) throw emailNotVerified()
  const id = uuidv7()
  await insertUser(tx, { id, email, subscription_tier: context.config.DEFAULT_TIER, password_hash: null })
  await linkIdentity(tx, person, id)
  return id
}

async function assertUsable(tx: Sql, accountId: string): Promise<void> {
  const account = await findPassword(tx, accountId)
  if (!account) throw accountDeleted()
  if (!account.is_active) throw accountDisabled()
}

const hashOf = ({ issuer, subject }: Pick<Person, 'issuer' | 'subject'>): string =>
  createHash('sha256').update(`${issuer}\0${subject}`).digest('hex')
