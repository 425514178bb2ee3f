// The token of a shared category's link: random, found by its hash, and kept sealed for its owner, who is shown it again.
import { randomBytes } from 'node:crypto'
import { hashOf } from '../../../accounts/admission/shown-once.ts'
import { type Masters, sealing } from '../../../ground/secrets/sealing.ts'

const RANDOM_BYTES = 24

/** The log takes out what begins so. */
const PREFIX = 'trl_'

export const shareTokens = sealing('share tokens')

export const makeShareToken = (): string => PREFIX + randomBytes(RANDOM_BYTES).toString('base64url')

export const hashOfToken = hashOf

/** What its owner is shown of a category. */
export function openCategory<Of extends { user_id: string; id: string; share_token_sealed: string | null }>(
  keys: Masters,
  { share_token_sealed: sealed, ...category }: Of,
): Omit<Of, 'share_token_sealed'> & { share_token: string | null } {
  const share_token = sealed === null ? null : shareTokens.open(keys, [category.user_id, category.id], sealed)
  return { ...category, share_token }
}
