import type { Config } from '../../../config/config.ts'
import { FetchError, type Fetcher } from '../../../ground/fetch/fetch.ts'
import { readRetryAfter } from '../../../ground/fetch/retry-after.ts'
import { openSecret, UnreadableSecret } from '../seal-secret.ts'
import { signDelivery } from '../sign-delivery.ts'
import type { PendingDelivery } from './store.ts'

/** How a try went. */
export interface Sent {
  /** success: 2xx. gone: 410. hopeless: another try would go the same way. */
  outcome: 'success' | 'failure' | 'gone' | 'hopeless'
  response_status: number | null
  error_message: string | null
  duration_ms: number
  /** Seconds for which the receiver wants to be left alone. */
  retry_after?: number | undefined
}

/** One sentence for an address that is down and for one that may not be asked: the log of deliveries is no scanner. */
const reasonOf = ({ reason }: FetchError) =>
  reason === 'timeout' ? 'There was no answer in time' : 'The address could not be reached'

/** POSTs a delivery once, signed, and never rejects for what the receiver or its address did. */
export async function sendDelivery(
  { config, fetcher }: { config: Pick<Config, 'ENCRYPTION_KEY' | 'JWT_SECRET_KEY'>; fetcher: Fetcher },
  owner: { user_id: string; webhook_id: string },
  delivery: PendingDelivery,
): Promise<Sent> {
  const start = performance.now()
  const ended = (outcome: Sent['outcome'], response_status: number | null, error_message: string | null) => {
    return { outcome, response_status, error_message, duration_ms: Math.round(performance.now() - start) }
  }
  /** One that cannot be opened any more, since ENCRYPTION_KEY has changed, was rotated away for that reason. */
  const previousSecret = (): string[] => {
    if (delivery.previous_secret_sealed === null) return []
    try {
      return [openSecret(config, owner, delivery.previous_secret_sealed)]
    } catch (error) {
      if (error instanceof UnreadableSecret) return []
      throw error
    }
  }
  try {
    const secrets = [openSecret(config, owner, delivery.secret_sealed), ...previousSecret()]
    const { body, headers } = signDelivery(delivery, secrets, Date.now())
    const { status, headers: answered } = await fetcher.post(delivery.url, body, headers)
    if (status >= 200 && status < 300) return ended('success', status, null)
    const retry_after = readRetryAfter(answered.get('retry-after') ?? '', Date.now())
    return { ...ended(status === 410 ? 'gone' : 'failure', status, `The answer was ${status}`), retry_after }
  } catch (error) {
    if (error instanceof FetchError) return ended('failure', null, reasonOf(error))
    if (error instanceof UnreadableSecret) return ended('hopeless', null, `${error.message}: rotate it`)
    throw error
  }
}
