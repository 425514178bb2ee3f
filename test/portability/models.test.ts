// The provider's client, the tokenizer and the stand-in on this runtime.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createBreakers } from '../../src/ground/breakers.ts'
import { createLog } from '../../src/ground/log/log.ts'
import { createModels, type Models } from '../../src/models/models.ts'
import { type OpenaiSimulator, startOpenaiSimulator } from '../simulators/openai.ts'
import { openTestDatabase, type TestDatabase, testConfig } from '../support/database.ts'

const inputOf = (title: string, description: string | null = null) => ({
  ...{ title, description, caption: null, tags: [], author: null, transcript: null, audience: 'one' },
  picture: { bytes: Uint8Array.of(0xff, 0xd8, 0xff), type: 'image/jpeg' },
})

describe('a provider of models', () => {
  let database: TestDatabase
  let simulator: OpenaiSimulator
  let models: Models
  before(async () => {
    database = await openTestDatabase()
    simulator = await startOpenaiSimulator()
    const config = testConfig(simulator.env)
    const log = createLog(config, () => {})
    const limits = { chat_timeout_ms: 3000, embed_timeout_ms: 3000 }
    models = createModels(config, { sql: database.sql, breakers: createBreakers(log), log }, limits)
  })
  after(async () => {
    await models.close()
    await simulator.close()
    await database.close()
  })

  test('is asked once for ten contents, long ones and pictures among them', async () => {
    const inputs = Array.from({ length: 10 }, (_, i) => inputOf(`Title ${i}`, '한국 치맥 '.repeat(2000)))
    const analyses = await models.analyse(inputs)
    assert.deepEqual(
      analyses.map(it => !(it instanceof Error) && [it.analysis_source, it.topic_main, it.visual_tags]),
      inputs.map((_, i) => ['openai', `title ${i}`, ['person', 'camera']]),
    )
    assert.equal(simulator.calls.length, 1)
  })

  test('gives vectors of unit length', async () => {
    const { model, vectors } = await models.embed(['one', 'two'])
    assert.match(model, /^openai:/)
    for (const vector of vectors) assert.ok(Math.abs(Math.hypot(...(vector as Float32Array)) - 1) < 1e-5)
  })

  test('that fails, hangs or cuts the connection gives an Error without its key', async () => {
    for (const how of ['error_500', 'half', 'reset', 'bad_key'] as const) {
      simulator.fail('chat', how)
      const [error] = await models.analyse([inputOf('Title')])
      assert.ok(error instanceof Error)
      assert.match(
        error.message,
        /^The model provider (answered (500|401)|did not answer|could not be reached)/,
      )
      assert.doesNotMatch(`${error.stack} ${error.cause}`, /sk-simulator/)
    }
  })

  test('has a bill, which is whole once it is closed', async () => {
    await models.close()
    const usage =
      await database.sql`select model, calls::int, tokens_in > 1000 as is_large from model_usage order by 1`
    assert.deepEqual(
      usage.map(({ calls, is_large }) => [calls, is_large]),
      [
        [1, true],
        [1, false],
      ],
    )
  })
})
