// The API's description holds on this runtime too. FUZZ_SEED repeats a run.
import assert from 'node:assert/strict'
import process from 'node:process'
import { describe, test } from 'node:test'
import { fuzz } from '../openapi/fuzz.ts'

const REQUESTS = 1_000
const SEED = process.env.FUZZ_SEED ? Number(process.env.FUZZ_SEED) : undefined

describe('the description is true on this runtime', () => {
  test(`${REQUESTS} requests made from it get answers that it documents`, async () => {
    const { seed, statuses, faults } = await fuzz(REQUESTS, SEED)
    console.log(`FUZZ_SEED=${seed}`, statuses)
    assert.deepEqual(faults, [])
    assert.ok(statuses[200]! + statuses[201]! > REQUESTS / 10)
  })
})
