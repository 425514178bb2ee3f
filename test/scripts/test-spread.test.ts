// npm run test:spread where there is no Citus. That it works where there is one, it says itself.
import { expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { openTestDatabase, usesRealPostgres } from '../support/database.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

test.if(usesRealPostgres)('a database without Citus is refused, and nothing is run on it', async () => {
  const { settings, sql, close } = await openTestDatabase()
  const { PATH = '', HOME = '' } = process.env
  const { status, stderr } = spawnSync(process.execPath, ['scripts/test-spread.ts', settings.DATABASE_URL!], {
    cwd: ROOT,
    env: { PATH, HOME },
    encoding: 'utf8',
  })
  expect(stderr).toContain('That database has no Citus')
  expect(status).toBe(1)
  expect(await sql`select from users`).toHaveLength(0)
  await close()
})
