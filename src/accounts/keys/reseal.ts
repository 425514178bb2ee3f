// With ENCRYPTION_KEY_PREVIOUS: what accounts keep sealed is sealed with the key of today, at a start.
import type { Context } from '../../context.ts'
import { resealed } from '../../ground/secrets/sealing.ts'
import { clientSecrets } from '../clients/secrets.ts'
import { listSealedSecrets, putSealedSecrets } from '../clients/store.ts'
import { signingKeySecrets } from './key-ring.ts'
import { listKeys, resealKey } from './store.ts'

/** Seals the secrets of signing keys and of API clients anew, where a key of before has sealed them. */
export async function resealAccounts({ config, database: { sql } }: Context): Promise<void> {
  if (!config.ENCRYPTION_KEY_PREVIOUS) return
  for (const { id, secret_sealed } of await listKeys(sql)) {
    const now = resealed(signingKeySecrets, config, [id], { secret_sealed })
    if (now) await resealKey(sql, id, now.secret_sealed!)
  }
  for (const { id, ...sealed } of await listSealedSecrets(sql)) {
    const now = resealed(clientSecrets, config, [id], sealed)
    if (now) await putSealedSecrets(sql, id, sealed, now)
  }
}
