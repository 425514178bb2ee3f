import type { Sql } from '../../database/connection.ts'
import { audit } from '../../operations/audit/store.ts'

/** Records a change of a webhook; its address is left out, since addresses of hooks often carry a token. */
export const auditWebhook = (
  tx: Sql,
  request: Request,
  { user_id, webhook_id }: { user_id: string; webhook_id: string },
  details: { change: string; events?: string[]; fields?: string[]; delivery_id?: string },
): Promise<void> =>
  audit(tx, request, {
    user_id,
    action: 'webhook',
    resource_type: 'webhook',
    resource_id: webhook_id,
    details,
  })
