import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import clusterLibrary from '#jobs/cluster-library'
import dropOldRows from '#jobs/drop-old-rows'
import embedContent from '#jobs/embed-content'
import reembedContents from '#jobs/reembed-contents'
import { createApp } from '../../src/app.ts'
import type { Context } from '../../src/context.ts'
import { startMoving } from '../../src/discovery/start-moving.ts'
import { findActiveModel } from '../../src/discovery/vectors/store.ts'
import type { AnyHandler } from '../../src/ground/queue/queue.ts'
import { createModels } from '../../src/models/models.ts'
import { type OpenaiSimulator, startOpenaiSimulator } from '../simulators/openai.ts'
import { type Client, clientOf, startTrove, type Trove, type User } from '../support/app.ts'
import { settle } from '../support/settle.ts'

const CONTENTS = 70
const OLD = 'openai:old-model:512'
const NEW = 'openai:new-model:512'

/** A content has eight of the words of its topic. */
const TOPICS = [
  'sourdough bread flour water salt yeast oven crust dough baking starter kneading'.split(' '),
  'bicycle wheel spokes brakes chain gears saddle pedals tyre pump frame garage'.split(' '),
]
/** Titles are ids here: those of the first half are of bread. */
const isBread = (title: string) => title < 'reembed0035'

let provider: OpenaiSimulator
let trove: Trove
let user: User
/** The same database under the new configuration. */
let moved: Context
let client: Client
beforeAll(async () => {
  provider = await startOpenaiSimulator()
  trove = await startTrove({ ...provider.env, OPENAI_EMBEDDING_MODEL: 'old-model' })
  user = await trove.register()
  const items = Array.from({ length: CONTENTS }, (_, n) => ({
    url: `https://youtu.be/reembed${String(n).padStart(4, '0')}`,
  }))
  await user.post('/v1/items/batch', { items })
  const { sql } = trove.database
  const contents = await sql<
    { id: string; external_id: string }[]
  >`select id, external_id from shared_contents`
  for (const { id, external_id } of contents) {
    const words = TOPICS[isBread(external_id) ? 0 : 1]!
    const start = Number(external_id.slice(-4)) % words.length
    const description = [...words, ...words].slice(start, start + 8).join(' ')
    await sql`
      update shared_contents set status = 'READY', title = external_id, description = ${description} where id = ${id}`
    await embed(trove.context, id)
  }
  await settle(sql)
  const config = { ...trove.context.config, OPENAI_EMBEDDING_MODEL: 'new-model' }
  const { breakers, database, log } = trove.context
  moved = { ...trove.context, config, models: createModels(config, { sql: database.sql, breakers, log }) }
  const { app } = createApp(moved)
  client = clientOf(request => app.handle(request), { authorization: `Bearer ${user.token}` })
})
afterAll(async () => {
  await moved.models.close()
  await trove.stop()
  await provider.close()
})

/** Runs a job by hand, and applies what it writes. */
async function run(job: AnyHandler<Context>, payload: object, context: Context): Promise<unknown> {
  const [outcome] = await job.run([payload], context)
  if (typeof outcome === 'function') await trove.database.sql.begin(tx => outcome(tx))
  return outcome
}
async function embed(context: Context, id: string): Promise<void> {
  const [{ attempt } = { attempt: '' }] = await trove.database.sql<{ attempt: string }[]>`
    select attempt from shared_contents where id = ${id}`
  await run(embedContent, { content_id: id, attempt, request_id: 'test' }, context)
}
/** The payload of the job that goes on, and takes it off the queue. */
async function nextBatch(): Promise<{ after: string | null } | undefined> {
  const [job] = await trove.database.sql<{ data: { after: string | null } }[]>`
    delete from pgboss.job where name = 'reembed-contents' and state = 'created' returning data`
  return job?.data
}
const count = async (model: string) =>
  (await trove.database.sql`select 1 from content_embeddings where model = ${model}`).length
const found = async () => {
  const { status, body } = await client.get('/v1/search?q=sourdough%20bread&mode=semantic&limit=10')
  expect(status).toBe(200)
  return body.results.map((result: { content: { title: string } }) => result.content.title) as string[]
}
const clusters = async () =>
  (await client.get('/v1/clusters')).body.clusters.map(({ id, label }: { id: string; label: string }) => ({
    id,
    label,
  }))

describe('another embedding model', () => {
  test('moves all vectors in batches, and what is there is found throughout', async () => {
    await run(clusterLibrary, { user_id: user.id }, trove.context)
    const [first] = await clusters()
    await user.send('PATCH', `/v1/clusters/${first.id}`, {
      body: JSON.stringify({ label: 'My own words' }),
      headers: { 'content-type': 'application/json' },
    })
    const before = await clusters()
    expect(before.length).toBeGreaterThan(1)

    await startMoving(moved)
    expect(await findActiveModel(trove.database.sql, NEW)).toBe(OLD)
    const counts: number[] = []
    for (;;) {
      expect((await found()).every(isBread)).toBe(true)
      const batch = await nextBatch()
      if (!batch) break
      await run(reembedContents, batch, moved)
      counts.push(await count(NEW))
    }
    expect(counts).toEqual([50, CONTENTS, CONTENTS])
    expect(await findActiveModel(trove.database.sql, OLD)).toBe(NEW)
    expect((await found()).every(isBread)).toBe(true)

    // The same groups, by the new vectors, under the same ids, with the label that the user chose.
    await run(clusterLibrary, { user_id: user.id }, moved)
    expect(await clusters()).toEqual(before)
    const models = await trove.database.sql`select distinct model from clusters`
    expect([...models]).toEqual([{ model: NEW }])
  })

  test('takes the old vectors away only when nothing uses them', async () => {
    await run(dropOldRows, {}, trove.context)
    expect([await count(OLD), await count(NEW)]).toEqual([CONTENTS, CONTENTS])
    await run(dropOldRows, {}, moved)
    expect([await count(OLD), await count(NEW)]).toEqual([0, CONTENTS])
  })

  test('what becomes READY during the move has a vector of both', async () => {
    const { sql } = trove.database
    const [content] = await sql<{ id: string }[]>`select id from shared_contents limit 1`
    // The new configuration is that of the old model again.
    await embed(trove.context, content!.id)
    const models = await sql<{ model: string }[]>`
      select model from content_embeddings where content_id = ${content!.id} order by model`
    expect(models.map(({ model }) => model)).toEqual([NEW, OLD])
  })

  test('passes by what the model refuses', async () => {
    const { sql } = trove.database
    provider.poison.add('reembed0007')
    await sql`delete from content_embeddings`
    for (
      let batch: { after: string | null } | undefined = { after: null };
      batch;
      batch = await nextBatch()
    ) {
      await run(reembedContents, batch, moved)
    }
    provider.recover()
    expect(await count(NEW)).toBe(CONTENTS - 1)
  })

  test('waits while the budget of the day is spent', async () => {
    const config = { ...moved.config, MODEL_BUDGET_USD_DAY: 1 }
    const { breakers, database, log } = moved
    await database.sql`
      insert into model_usage (day, model, cost_usd) values ((now() at time zone 'utc')::date, 'spent', 2)`
    const models = createModels(config, { sql: database.sql, breakers, log })
    const outcome = await run(reembedContents, { after: null }, { ...moved, config, models })
    await models.close()
    expect(outcome).toBeInstanceOf(Error)
    expect((outcome as { retry_after?: number }).retry_after).toBeGreaterThan(0)
  })
})
