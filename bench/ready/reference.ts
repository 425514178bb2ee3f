// The reference of the goal for a save (2.3 ms at p50, 7.9 at p99 where it was set): pg-boss alone, from the send of a
// job that does nothing to its handler, woken by NOTIFY. It tells how fast the machine is that minute.
import { PgBoss } from 'pg-boss'
import { openTestDatabase } from '../../test/support/database.ts'

const QUEUE = 'nothing'

export interface Reference {
  /** Sends a job; milliseconds until its handler runs. */
  send(): Promise<number>
  stop(): Promise<void>
}

export async function startReference(): Promise<Reference> {
  const database = await openTestDatabase()
  const boss = new PgBoss({
    connectionString: database.url,
    useListenNotify: true,
    supervise: false,
    schedule: false,
    max: 4,
  })
  boss.on('error', error => console.log('The reference had an error', error))
  await boss.start()
  await boss.createQueue(QUEUE, { notify: true })
  let handled = () => {}
  await boss.work(QUEUE, async () => handled())
  return {
    async send() {
      const { promise, resolve } = Promise.withResolvers<void>()
      handled = resolve
      const start = performance.now()
      await boss.send(QUEUE, {})
      await promise
      return performance.now() - start
    },
    async stop() {
      await boss.stop()
      await database.close()
    },
  }
}
