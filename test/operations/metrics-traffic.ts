// A Trove that has done a little of everything, so that every metric has something to tell.

import { DEAD_LETTER } from '../../src/ground/queue/queue.ts'
import { reconcileContents } from '../../src/ingestion/jobs.ts'
import { startPlatformSimulator } from '../simulators/platforms.ts'
import { startReceiver } from '../simulators/webhook-receiver.ts'
import { startTrove, type User } from '../support/app.ts'
import { openEvents } from '../support/events.ts'
import { readScrape } from './metrics-scrape.ts'

export type Busy = Awaited<ReturnType<typeof busyTrove>>

/** Does it all and reads /metrics once; `given` is what the user sent that no label may repeat. */
export async function busyTrove() {
  const simulator = await startPlatformSimulator()
  const receiver = await startReceiver()
  const FETCH_ALLOW_HOSTS = [simulator.env.FETCH_ALLOW_HOSTS, receiver.host].filter(Boolean).join()
  const trove = await startTrove({ ...simulator.env, FETCH_ALLOW_HOSTS, MODEL_BUDGET_USD_DAY: '5' })
  const { sql } = trove.database
  const read = async (): Promise<string> => {
    // An answer is counted a macrotask after it was given.
    await new Promise(resolve => setImmediate(resolve))
    return (await trove.get('/metrics')).body
  }
  /** Waits for what this process counts, without asking the database. */
  const until = async (line: string) => {
    while (!(await trove.context.metrics.registry.metrics()).includes(line)) await pause()
  }
  const pause = () => new Promise(resolve => setTimeout(resolve, 25))
  const dead = () => sql`select from pgboss.job where name = ${DEAD_LETTER}`

  await trove.work()
  const user: User = await trove.register()
  await user.post('/v1/webhooks/register', { url: receiver.url, events: ['content.ready'] })
  const stream = await openEvents(request => trove.handle(request), user)
  const video = simulator.videos[0]!.video_id
  const { body } = await user.post('/v1/items', { url: `https://youtu.be/${video}` })
  if (!body.save) throw new Error(JSON.stringify(body))
  await user.get(`/v1/items/${body.save.id}?include_similar=true`)
  await user.get('/v1/items?search=ada%40example.com')
  await trove.get(`/nowhere/${user.email}`)
  await trove.untilItems(user, 1)
  await receiver.until(1)
  await user.post('/v1/clusters/rebuild')
  await sql`
    insert into pgboss.job (name, data, dead_letter) values ('fetch-content', '{"note": "of ada"}', 'dead-letter')`
  await sql.begin(tx => trove.context.queue.enqueue(tx, reconcileContents, {}))
  await sql`
    insert into model_usage (day, model, calls, tokens_in, tokens_out, cost_usd)
    values ((now() at time zone 'utc')::date, 'a-model', 3, 1000, 20, 0.25)`
  await until('trove_jobs_total{queue="cluster-library",outcome="done"} 1')
  await until('trove_jobs_total{queue="reconcile-contents",outcome="done"} 1')
  await until('trove_webhook_deliveries_total{outcome="success"} 1')
  while ((await dead()).length === 0) await pause()

  const text = await read()
  return {
    ...readScrape(text),
    text,
    read,
    trove,
    user,
    given: [body.save.id, body.job_id, video, receiver.host, 'nowhere'] as string[],
    leaveStream: () => stream.close(),
    async stop() {
      await stream.close()
      await trove.stop()
      await receiver.close()
      await simulator.close()
    },
  }
}
