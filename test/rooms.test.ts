// What the rooms say of themselves, held against what there is.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { HANDLERS } from '#jobs/index'
import { createApp } from '../src/app.ts'
import { GROUND_TABLES } from '../src/ground/table.ts'
import { MODEL_TABLES } from '../src/models/ledger/tables.ts'
import { JOBS, ROOMS, TABLES } from '../src/rooms.ts'
import { startTrove, type Trove } from './support/app.ts'

let trove: Trove
beforeAll(async () => {
  trove = await startTrove()
})
afterAll(() => trove.stop())

const sorted = (names: string[]) => [...names].sort()

describe('the rooms', () => {
  test('declare every job once, and each has its handler in a file of its name', () => {
    const names = sorted(JOBS.map(({ name }) => name))
    expect(new Set(names).size).toBe(names.length)
    expect(sorted(HANDLERS.map(({ job }) => job.name))).toEqual(names)
    for (const { job } of HANDLERS) expect(JOBS).toContain(job)
    const files = readdirSync(new URL('../jobs/', import.meta.url)).filter(name => name !== 'index.ts')
    expect(sorted(files)).toEqual(names.map(name => `${name}.ts`))
  })

  test('declare every table of the database once, and whose it is', async () => {
    const rows = await trove.database.sql<{ table_name: string; has_user: boolean }[]>`
      select t.table_name, exists (
        select
        from information_schema.columns c
        where c.table_schema = t.table_schema and c.table_name = t.table_name and c.column_name = 'user_id'
      ) as has_user
      from information_schema.tables t
      where t.table_schema = 'public' and t.table_type = 'BASE TABLE'`
    const declared = Object.keys(TABLES)
    const each = [GROUND_TABLES, MODEL_TABLES, ...ROOMS.map(({ tables = {} }) => tables)].flatMap(Object.keys)
    expect(each).toHaveLength(declared.length)
    expect(sorted(declared)).toEqual(sorted(rows.map(({ table_name }) => table_name)))
    const users = rows.filter(({ has_user }) => has_user).map(({ table_name }) => table_name)
    const ofUsers = Object.entries(TABLES).filter(([, { of }]) => of === 'user')
    expect(sorted(ofUsers.map(([name]) => name))).toEqual(sorted(users))
  })

  test('say of every user’s table whether an export holds it', () => {
    const silent = Object.entries(TABLES).filter(([, { of, exported }]) => of === 'user' && !exported)
    expect(silent.map(([name]) => name)).toEqual([])
  })

  test('explain every heading under which a route stands, and no other', () => {
    const { routes } = createApp(trove.context)
    const used = new Set(routes.filter(({ says }) => !says.hidden).map(({ says }) => says.tag))
    const explained = ROOMS.flatMap(({ tags = {} }) => Object.keys(tags))
    expect(sorted(explained)).toEqual(sorted([...used]))
  })

  test('give no two routes one name or address', () => {
    const { routes } = createApp(trove.context)
    for (const of of ['address', 'id'] as const) {
      const all = routes.map(route => (of === 'id' ? route.says.id : route.address))
      expect(all.filter((name, i) => all.indexOf(name) !== i)).toEqual([])
    }
  })
})
