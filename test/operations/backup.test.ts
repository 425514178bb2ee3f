// A backup and its way back, of whichever database the tests run on.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTestDatabase, type TestDatabase, usesRealPostgres } from '../support/database.ts'
import { readRows, runScript, withDatabase } from './run-script.ts'
import { LONG_MS, lookAround, type Outside, startOutside, startServer, useTrove } from './used-trove.ts'

let folder: string
let outside: Outside
let source: Record<string, string>
let used: Awaited<ReturnType<typeof useTrove>>
let seen: unknown[]
let before: Record<string, string[]>
let file: string
let made: { code: number | null; printed: string }
const databases: TestDatabase[] = []
let folders = 0

/** Settings of a database that nobody has used. */
async function newPlace(): Promise<Record<string, string>> {
  const DATA_DIR = join(folder, `place-${folders++}`)
  if (!usesRealPostgres) return { DATA_DIR }
  const database = await openTestDatabase()
  databases.push(database)
  return { DATA_DIR, DATABASE_URL: database.settings.DATABASE_URL! }
}

const backup = (path: string, settings: Record<string, string>) =>
  runScript('scripts/backup.ts', [path], settings)
const restore = (args: string[], settings: Record<string, string>) =>
  runScript('scripts/restore.ts', args, settings)
const read = (settings: Record<string, string>) =>
  readRows(settings, ['public.rate_limits', 'public.thumbnails'])

/** The same archive with `change` made in its unpacked folder. */
function changed(name: string, change: (unpacked: string) => void): string {
  const unpacked = mkdtempSync(join(folder, 'unpacked-'))
  execFileSync('tar', ['-xf', file, '-C', unpacked])
  change(unpacked)
  const path = join(folder, name)
  execFileSync('tar', ['-cf', path, '-C', unpacked, ...readdirSync(unpacked)])
  return path
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trove-backup-'))
  outside = await startOutside()
  source = await newPlace()
  used = await useTrove(outside, source)
  const server = await startServer({ ...outside.env, ...source, ROLE: 'api' })
  seen = await lookAround(server, used.alice)
  file = join(folder, 'backup.tar')
  // A real Postgres may be in use; an embedded database may not.
  if (usesRealPostgres) made = await backup(file, source)
  const refused = usesRealPostgres ? undefined : await backup(file, source)
  await server.stop()
  if (!usesRealPostgres) {
    expect(refused).toMatchObject({ code: 75, printed: expect.stringContaining('has this database open') })
    made = await backup(file, source)
  }
  before = await read(source)
}, LONG_MS)
afterAll(async () => {
  for (const database of databases) await database.close()
  await outside.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('a backup', () => {
  test('says what it is, holds the secrets, and is readable by its owner alone', () => {
    expect(made.code).toBe(0)
    expect(made.printed).toContain('keep it private')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const manifest = JSON.parse(execFileSync('tar', ['-xOf', file, 'manifest.json'], { encoding: 'utf8' }))
    expect(manifest).toMatchObject({
      format: 'trove-backup',
      kind: usesRealPostgres ? 'postgres' : 'embedded',
      migrations: expect.arrayContaining([expect.objectContaining({ name: '0001_core.sql' })]),
    })
    expect(Object.keys(manifest.checksums)).toContain('secrets.json')
  })

  test('never overwrites a file, and leaves nothing behind where there is no database', async () => {
    expect(await backup(file, source)).toMatchObject({
      code: 1,
      printed: expect.stringContaining('is there already'),
    })
    const none = join(folder, 'none.tar')
    expect((await backup(none, { DATA_DIR: join(folder, 'nothing') })).code).toBe(1)
    expect(existsSync(none)).toBe(false)
    expect(existsSync(join(folder, 'nothing'))).toBe(false)
  })
})

describe('a restore', () => {
  test('gives back every row, with which the server goes on: same tokens, same answers', async () => {
    const place = await newPlace()
    const restored = await restore([file], place)
    expect(restored.printed).toStartWith('Restored what Trove')
    expect(restored.printed).not.toContain('do not open')
    expect(restored.code).toBe(0)
    const after = await read(place)
    for (const [table, rows] of Object.entries(before)) {
      // The api that ran meanwhile kept its own time there.
      if (table !== 'pgboss.version') expect([table, after[table]]).toEqual([table, rows])
    }
    expect(statSync(join(place.DATA_DIR!, 'secrets.json')).mode & 0o777).toBe(0o600)
    const server = await startServer({ ...outside.env, ...place, ROLE: 'api' })
    expect(await lookAround(server, used.alice)).toEqual(seen)
    await server.stop()
  })

  test('over what is used needs --replace, which then puts back what was', async () => {
    const place = await newPlace()
    expect((await restore([file], place)).code).toBe(0)
    await withDatabase(place, sql => sql`update users set role = 'admin'`)
    const refused = await restore([file], place)
    expect(refused).toMatchObject({ code: 1, printed: expect.stringContaining('--replace') })
    expect((await read(place))['public.users']).not.toEqual(before['public.users'])
    const replaced = await restore([file, '--replace'], place)
    expect(replaced.code).toBe(0)
    expect((await read(place))['public.users']).toEqual(before['public.users'])
    if (!usesRealPostgres) expect(replaced.printed).toMatch(/is kept as .*files\.replaced-/)
  })

  test('of other secrets keeps those that were there', async () => {
    const place = await newPlace()
    mkdirSync(place.DATA_DIR!)
    const secrets = join(place.DATA_DIR!, 'secrets.json')
    writeFileSync(secrets, '{"JWT_SECRET_KEY": "of another", "ADMIN_PASSWORD": "another"}')
    expect(await restore([file], place)).toMatchObject({
      code: 1,
      printed: expect.stringContaining('secrets.json'),
    })
    const replaced = await restore([file, '--replace'], place)
    expect(replaced.code).toBe(0)
    const [, aside] = replaced.printed.match(/is kept as (\S+secrets\.json\.\S+)/)!
    expect(readFileSync(aside!, 'utf8')).toContain('of another')
    expect(readFileSync(secrets)).toEqual(readFileSync(join(source.DATA_DIR!, 'secrets.json')))
  })

  test('with other keys says that webhooks cannot be signed', async () => {
    const place = await newPlace()
    const { code, printed } = await restore([file], { ...place, JWT_SECRET_KEY: 'x'.repeat(40) })
    expect(code).toBe(0)
    expect(printed).toContain('1 of 1 webhooks have secrets that the configured keys do not open')
  })

  test('refuses what is cut off, damaged, newer, of the other kind or no backup, and changes nothing', async () => {
    const place = await newPlace()
    expect((await restore([file], place)).code).toBe(0)
    const untouched = await read(place)
    const cut = join(folder, 'cut.tar')
    copyFileSync(file, cut)
    truncateSync(cut, Math.floor(statSync(file).size / 2))
    const dump = usesRealPostgres ? 'database.dump' : 'database.tar.gz'
    const damaged = changed('damaged.tar', unpacked => {
      const bytes = readFileSync(join(unpacked, dump))
      bytes[bytes.length >> 1]! ^= 1
      writeFileSync(join(unpacked, dump), bytes)
    })
    const rewrite = (change: (manifest: Record<string, never>) => unknown) => (unpacked: string) => {
      const path = join(unpacked, 'manifest.json')
      writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')))))
    }
    const newer = changed(
      'newer.tar',
      rewrite(manifest => ({
        ...manifest,
        migrations: [{ version: 9999, name: '9999_later.sql', checksum: 'x' }],
      })),
    )
    const text = join(folder, 'text.tar')
    writeFileSync(text, 'not an archive')
    for (const [path, reason] of [
      [cut, 'cut off or damaged'],
      [damaged, `the checksum of its ${dump} is wrong`],
      [newer, '9999_later.sql, which this version of Trove does not know'],
      [text, 'is not a backup'],
      [join(folder, 'nowhere.tar'), 'There is no file'],
    ] as const) {
      const { code, printed } = await restore([path, '--replace'], place)
      expect([path, code, printed]).toEqual([path, 1, expect.stringContaining(reason)])
    }
    const other: Record<string, string> = usesRealPostgres
      ? { DATA_DIR: join(folder, 'elsewhere') }
      : { DATA_DIR: join(folder, 'elsewhere'), DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' }
    const { code, printed } = await restore([file], other)
    expect(code).toBe(1)
    expect(printed).toMatch(usesRealPostgres ? /set DATABASE_URL/ : /npm run move/)
    expect(await restore([], place)).toMatchObject({ code: 64 })
    expect(await read(place)).toEqual(untouched)
  })

  test.if(usesRealPostgres)('that fails half-way leaves what was there', async () => {
    const place = await newPlace()
    expect((await restore([file], place)).code).toBe(0)
    const untouched = await read(place)
    const broken = changed('broken.tar', unpacked => {
      const path = join(unpacked, 'database.dump')
      // Behind the list of what it holds, in the middle of the rows.
      truncateSync(path, Math.floor(statSync(path).size * 0.95))
      const checksum = execFileSync('sha256sum', [path], { encoding: 'utf8' }).slice(0, 64)
      const manifest = join(unpacked, 'manifest.json')
      const facts = JSON.parse(readFileSync(manifest, 'utf8'))
      facts.checksums['database.dump'] = checksum
      writeFileSync(manifest, JSON.stringify(facts))
    })
    const { code, printed } = await restore([broken, '--replace'], place)
    expect([code, printed]).toEqual([1, expect.stringContaining('Nothing was changed')])
    expect(await read(place)).toEqual(untouched)
  })

  test.if(!usesRealPostgres)('is refused while a server has the database open', async () => {
    const place = await newPlace()
    const server = await startServer({ ...outside.env, ...place, ROLE: 'api' })
    expect((await restore([file, '--replace'], place)).code).toBe(75)
    await server.stop()
  })

  test.if(usesRealPostgres)('is refused while a server runs on the database', async () => {
    const place = await newPlace()
    const server = await startServer({ ...outside.env, ...place, ROLE: 'api' })
    const { code, printed } = await restore([file], { ...place, DATA_DIR: join(folder, 'aside') })
    expect([code, printed]).toEqual([1, expect.stringContaining('Trove is running on that database')])
    await server.stop()
  })
})
