import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { migrate, readMigrations } from '../../../src/ground/database/migrate.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const migration = (version: number, text: string, checksum = text) => ({
  version,
  name: `${version}_test.sql`,
  text,
  checksum,
})

describe('migrations', () => {
  test('are applied once, however many processes start together', async () => {
    const all = [...(await readMigrations()), migration(9001, 'create table made_once (id integer)')]
    const runs = await Promise.all(Array.from({ length: 8 }, () => migrate(database, all)))
    expect(runs.flat()).toEqual(['9001_test.sql'])
    expect(await migrate(database, all)).toEqual([])
  })

  test('that fail leave the schema as it was', async () => {
    const applied = [...(await readMigrations()), migration(9001, 'create table made_once (id integer)')]
    const broken = [
      ...applied,
      migration(9002, 'create table half (id integer)'),
      migration(9003, 'select nonsense'),
    ]
    expect(migrate(database, broken)).rejects.toThrow(/nonsense/)
    await migrate(database, broken).catch(() => {})
    const [found] = await database.sql`select to_regclass('half') as half`
    expect(found).toEqual({ half: null })
  })

  test('that were edited after they had been applied are refused by name', async () => {
    const edited = (await readMigrations()).map(each => ({ ...each, checksum: 'another' }))
    expect(migrate(database, edited)).rejects.toThrow(/0001_core.sql was changed after it had been applied/)
  })

  test('of a newer Trove are not understood by an older one', async () => {
    expect(migrate(database, await readMigrations())).rejects.toThrow(/does not know/)
  })
})
