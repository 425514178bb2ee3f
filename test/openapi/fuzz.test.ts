// 10,000 requests on a real PostgreSQL and 2,000 on the embedded database, unless FUZZ_REQUESTS says otherwise;
// FUZZ_SEED repeats a run.
import { describe, expect, test } from 'bun:test'
import { usesRealPostgres } from '../support/database.ts'
import { fuzz } from './fuzz.ts'

const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? (usesRealPostgres ? 10_000 : 2_000))
const SEED = process.env.FUZZ_SEED ? Number(process.env.FUZZ_SEED) : undefined

describe('the description is true', () => {
  test(`${REQUESTS} requests made from it get answers that it documents`, async () => {
    const { seed, statuses, faults } = await fuzz(REQUESTS, SEED)
    console.log(`FUZZ_SEED=${seed}`, statuses)
    expect(faults).toEqual([])
    // A run that is refused at the door would prove nothing.
    expect(statuses[200]! + statuses[201]!).toBeGreaterThan(REQUESTS / 10)
  }, 300_000)
})
