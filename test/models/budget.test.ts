import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { ConfigError, readConfig } from '../../src/config/config.ts'
import { recordUsage, spentToday } from '../../src/models/ledger/store.ts'
import { allGood, inputOf, sourcesOf } from './inputs.ts'
import { openaiRig } from './openai-rig.ts'

setDefaultTimeout(60_000)

const rig = openaiRig({ MODEL_BUDGET_USD_DAY: '0.01' })
const spend = (cost_usd: number) =>
  recordUsage(rig.sql, { model: 'gpt-5-mini', tokens_in: 10, tokens_out: 5, cost_usd })

describe('the ledger', () => {
  test('adds up a day by model, and forgets the other days', async () => {
    await Promise.all(Array.from({ length: 20 }, () => spend(0.0001)))
    await rig.sql`insert into model_usage (day, model, cost_usd) values (current_date - 2, 'gpt-5-mini', 99)`
    const [row] =
      await rig.sql`select calls, tokens_in::int, tokens_out::int from model_usage where calls > 0`
    expect(row).toEqual({ calls: 20, tokens_in: 200, tokens_out: 100 })
    expect(await spentToday(rig.sql)).toBeCloseTo(0.002, 9)
  })

  test('never loses what is less than a millionth of a dollar', async () => {
    await spend(1e-9)
    expect(await spentToday(rig.sql)).toBeCloseTo(1e-6, 12)
  })
})

describe('the ceiling of a day', () => {
  test('leaves everything to the local models once it is reached', async () => {
    await spend(0.0099)
    expect(sourcesOf(await rig.models.analyse([inputOf('Best brunch')]))).toEqual(['openai'])
    await spend(0.0001)
    const [analysis] = allGood(await rig.models.analyse([inputOf('Best brunch')]))
    expect(analysis).toMatchObject({ analysis_source: 'local', tokens_in: 0 })
    const { model, vectors } = await rig.models.embed(['Best brunch'])
    expect(model).toStartWith('local:')
    expect(rig.models.embeddingModel).toStartWith('openai:')
    expect(vectors).toHaveLength(1)
    expect(rig.simulator.calls).toHaveLength(1)
    expect(rig.models.isWell()).toBe(true)
    expect(rig.logs.filter(line => line.includes('budget'))).toHaveLength(1)
  })

  test('is looked at before a repair too', async () => {
    await spend(0.00999)
    rig.simulator.fail('chat', 'prose')
    expect(sourcesOf(await rig.models.analyse([inputOf('Best brunch')]))).toEqual(['local'])
    expect(rig.simulator.calls).toHaveLength(1)
  })
})

describe('a ceiling with a model whose price nobody knows', () => {
  const env = { OPENAI_API_KEY: 'sk-x', OPENAI_CHAT_MODEL: 'llama', MODEL_BUDGET_USD_DAY: '1' }

  test('is refused at the start', () => {
    expect(() => readConfig(env)).toThrow(ConfigError)
    expect(() => readConfig(env)).toThrow('MODEL_PRICES must name the price of llama')
  })

  test('is fine with its price, without a ceiling, or with local models', () => {
    readConfig({ ...env, MODEL_PRICES: 'llama=0/0' })
    readConfig({ ...env, MODEL_BUDGET_USD_DAY: '' })
    readConfig({ ...env, MODELS: 'local' })
    expect(() => readConfig({ ...env, OPENAI_CHAT_MODEL: 'constructor' })).toThrow('price of constructor')
  })
})
