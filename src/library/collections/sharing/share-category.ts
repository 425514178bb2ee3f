import type { Context } from '../../../context.ts'
import type { Sql } from '../../../ground/database/connection.ts'
import { resealed } from '../../../ground/secrets/sealing.ts'
import { hashOfToken, makeShareToken, shareTokens } from './share-token.ts'
import { listSealedTokens, putSealedToken, putShare } from './store.ts'

/** Makes a new token for a category, which ends the one of before. @returns it sealed, to be kept with the category */
export async function makeShare(
  tx: Sql,
  { config }: Pick<Context, 'config'>,
  ownerId: string,
  categoryId: string,
): Promise<string> {
  const token = makeShareToken()
  await putShare(tx, hashOfToken(token), { owner_id: ownerId, category_id: categoryId })
  return shareTokens.seal(config, [ownerId, categoryId], token)
}

/** With ENCRYPTION_KEY_PREVIOUS: seals tokens anew where a key of before has sealed them, at a start. */
export async function resealShares({ config, database: { sql } }: Context): Promise<void> {
  if (!config.ENCRYPTION_KEY_PREVIOUS) return
  for (const kept of await listSealedTokens(sql)) {
    const { user_id, id, share_token_sealed } = kept
    const now = resealed(shareTokens, config, [user_id, id], { share_token_sealed })
    if (now) await putSealedToken(sql, kept, now.share_token_sealed!)
  }
}
