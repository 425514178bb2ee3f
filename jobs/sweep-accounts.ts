// Every ten minutes: what is due of accounts is sent, and what has ended by itself goes.
import { dropOldNonces } from '../src/accounts/clients/store.ts'
import { eraseUser, sweepAccounts } from '../src/accounts/jobs.ts'
import { dropEndedKeys } from '../src/accounts/keys/store.ts'
import { dropEndedResets, findDueErasures, noteDueUsers } from '../src/accounts/privacy/store.ts'
import { dropEndedSessions } from '../src/accounts/sessions/store.ts'
import { dropOldPepper } from '../src/accounts/store.ts'
import { handle } from '../src/handler.ts'

const ROWS_A_STATEMENT = 5000

export default handle(sweepAccounts, {
  async run([_], { database: { sql }, queue }) {
    while ((await dropEndedSessions(sql, ROWS_A_STATEMENT)) === ROWS_A_STATEMENT);
    while ((await dropOldNonces(sql, ROWS_A_STATEMENT)) === ROWS_A_STATEMENT);
    await dropEndedResets(sql)
    await dropEndedKeys(sql)
    await dropOldPepper(sql)
    return [
      async tx => {
        await noteDueUsers(tx)
        for (const erasure_id of await findDueErasures(tx, eraseUser.name)) {
          await queue.enqueue(tx, eraseUser, { erasure_id })
        }
      },
    ]
  },
})
