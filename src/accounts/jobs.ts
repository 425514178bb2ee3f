import * as v from 'valibot'
import { defineJob } from '../ground/queue/queue.ts'

const EraseJob = v.object({ erasure_id: v.pipe(v.string(), v.uuid()) })

/** Erases somebody, whom the payload does not name: it outlives them. */
export const eraseUser = defineJob<v.InferOutput<typeof EraseJob>>({
  name: 'erase-user',
  schema: EraseJob,
  onceFor: ({ erasure_id }) => erasure_id,
})

/** Sends the erasures that are due, and drops what of accounts has ended by itself. */
export const sweepAccounts = defineJob({ name: 'sweep-accounts', schema: v.object({}) })

const MailJob = v.object({ mail: v.literal('password_reset'), user_id: v.pipe(v.string(), v.uuid()) })

/** Sends a mail to a user. What is secret in it is made when it is sent, so that no payload holds it. */
export const sendMail = defineJob<v.InferOutput<typeof MailJob>>({
  name: 'send-mail',
  schema: MailJob,
  concurrency: 4,
})
