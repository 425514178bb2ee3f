import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import postgres from 'postgres'
import { dumpSchema, SCHEMA_FILE } from '../../../scripts/schema.ts'

const server = process.env.TEST_DATABASE_URL

/** Each release of pg_dump writes a little differently; the file is written by this one. */
const MAJOR = 15
const majorOf = async (url: string) => {
  const sql = postgres(url, { max: 1 })
  const [{ major }] = await sql<[{ major: number }]>`
    select current_setting('server_version_num')::integer / 10000 as major`
  await sql.end()
  return major
}
const isComparable = server !== undefined && (await majorOf(server)) === MAJOR

describe('sql/schema.sql', () => {
  test.if(isComparable)('is what the migrations leave (else run: bun scripts/schema.ts)', async () => {
    expect(await dumpSchema(server!)).toBe(readFileSync(SCHEMA_FILE, 'utf8'))
  })
})
