// The openai models against the simulated provider, on a database of their own.
import { afterAll, beforeAll, beforeEach } from 'bun:test'
import { createBreakers } from '../../src/ground/breakers.ts'
import { createLog } from '../../src/ground/log/log.ts'
import { createModels, type Models } from '../../src/models/models.ts'
import { type OpenaiSimulator, startOpenaiSimulator } from '../simulators/openai.ts'
import { openTestDatabase, type TestDatabase, testConfig } from '../support/database.ts'

export interface ModelRig {
  simulator: OpenaiSimulator
  models: Models
  sql: TestDatabase['sql']
  /** Every line of the log. */
  logs: string[]
}

/** Long enough for an answer on a busy machine, short enough to wait for one that never comes. */
const TIMEOUT_MS = 1500

/** Each test gets a good provider, closed breakers and an empty ledger, which is whole once `models` are closed. */
export function openaiRig(settings: Record<string, string> = {}): ModelRig {
  const rig = {} as ModelRig
  let database: TestDatabase

  beforeAll(async () => {
    database = await openTestDatabase()
    rig.sql = database.sql
    rig.simulator = await startOpenaiSimulator()
  })
  beforeEach(async () => {
    await rig.models?.close()
    rig.simulator.recover()
    await rig.sql`delete from model_usage`
    rig.logs = []
    const config = testConfig({ LOG_LEVEL: 'debug', ...rig.simulator.env, ...settings })
    const log = createLog(config, line => rig.logs.push(line))
    const deps = { sql: rig.sql, breakers: createBreakers(log), log }
    const limits = { chat_timeout_ms: TIMEOUT_MS, embed_timeout_ms: TIMEOUT_MS }
    rig.models = createModels(config, deps, limits)
  })
  afterAll(async () => {
    await rig.models.close()
    await rig.simulator.close()
    await database.close()
  })
  return rig
}
