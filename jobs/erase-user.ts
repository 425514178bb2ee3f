import { eraseUser } from '../src/accounts/jobs.ts'
import { erase } from '../src/accounts/privacy/erasure/erase.ts'
import { handle } from '../src/handler.ts'

export default handle(eraseUser, {
  run: async (payloads, context) => Promise.all(payloads.map(({ erasure_id }) => erase(context, erasure_id))),
})
