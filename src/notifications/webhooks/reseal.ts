import type { Context } from '../../context.ts'
import { resealed } from '../../ground/secrets/sealing.ts'
import { webhookSecrets } from './seal-secret.ts'
import { listSealedSecrets, putSealedSecrets } from './store.ts'

/** With ENCRYPTION_KEY_PREVIOUS: seals webhooks' secrets anew where a key of before has sealed them, at a start. */
export async function resealWebhooks({ config, database: { sql } }: Context): Promise<void> {
  if (!config.ENCRYPTION_KEY_PREVIOUS) return
  for (const { user_id, id, ...sealed } of await listSealedSecrets(sql)) {
    const now = resealed(webhookSecrets, config, [user_id, id], sealed)
    if (now) await putSealedSecrets(sql, { user_id, id }, sealed, now)
  }
}
