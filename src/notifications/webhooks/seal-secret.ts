// Webhook secrets at rest: a delivery must be signed with the secret itself.
import { fingerprint, type Masters, sealing } from '../../ground/secrets/sealing.ts'

export { UnreadableSecret } from '../../ground/secrets/sealing.ts'

/** Whose secret it is. */
export interface SecretOwner {
  user_id: string
  webhook_id: string
}

export const webhookSecrets = sealing('webhook secrets')

const rowOf = ({ user_id, webhook_id }: SecretOwner) => [user_id, webhook_id]

export const sealSecret = (keys: Masters, owner: SecretOwner, secret: string): string =>
  webhookSecrets.seal(keys, rowOf(owner), secret)

/** The secret that `sealSecret` sealed for the same owner. @throws {UnreadableSecret} */
export const openSecret = (keys: Masters, owner: SecretOwner, text: string): string =>
  webhookSecrets.open(keys, rowOf(owner), text)

export const secretFingerprint = (keys: Masters, secret: string): string =>
  fingerprint(keys, 'webhook fingerprints', secret)
