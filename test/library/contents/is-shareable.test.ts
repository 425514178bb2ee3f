// Which addresses other people may ever be shown. The migration decides the same of the rows that were there before.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { isShareable } from '../../../src/library/contents/is-shareable.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'

const PUBLIC = [
  'https://example.org/',
  'http://example.org/a/Story',
  'https://xn--mnchen-3ya.de/caf%C3%A9',
  'https://some_name.example.com/a&b',
  'https://1.example.org/2024/05/a.b.html',
  'https://local.example.org/',
  'https://example.community/internal/lan',
]
const PRIVATE = [
  'https://example.org/doc?share_token=s3cr3t',
  'https://example.org/?q',
  'https://example.org/doc;jsessionid=s3cr3t',
  'https://example.org/doc&token=s3cr3t',
  'http://localhost/',
  'http://wiki/',
  'http://wiki./',
  'http://printer.local/status',
  'http://printer.local./status',
  'http://vault.internal/',
  'https://a.b.home.arpa/',
  'http://127.0.0.1/',
  'http://93.184.216.34/',
  'http://[::1]/',
  'http://[2606:2800:220:1::]/',
  'https://example.org:8443/',
  'http://127.0.0.1:8080/doc',
]
const NOBODY = { FETCH_ALLOW_HOSTS: [] as string[] }
const page = (url: string) => ({ url, source_platform: 'web' as const })

describe('an address of the web', () => {
  test.each(PUBLIC)('%s may be shared', url => {
    expect(isShareable(page(url), NOBODY)).toBe(true)
  })

  test.each(PRIVATE)('%s may not', url => {
    expect(isShareable(page(url), NOBODY)).toBe(false)
  })

  test('that the operator lists in FETCH_ALLOW_HOSTS is of the operator’s network', () => {
    const listed = { FETCH_ALLOW_HOSTS: ['wiki.example.org:443', 'files.example.org'] }
    expect(isShareable(page('https://wiki.example.org/a'), listed)).toBe(false)
    expect(isShareable(page('http://files.example.org/a'), listed)).toBe(false)
    expect(isShareable(page('https://www.example.org/a'), listed)).toBe(true)
  })
})

test('a video or post is public, whatever its address looks like', () => {
  const video = { url: 'https://youtube.com/watch?v=dQw4w9WgXcQ', source_platform: 'youtube' as const }
  expect(isShareable(video, NOBODY)).toBe(true)
})

describe('the migration', () => {
  const ME = '00000000-0000-7000-8000-000000000001'
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase()
    const { sql } = database
    await sql.unsafe(`
      drop function nearest_for_user(vector, text, uuid, integer, integer);
      drop function nearest_of_all(vector, text, integer, integer);
      drop function nearest_of_all_by_index(vector, text, integer, integer);
      drop function nearest_of_all_exactly(vector, text, integer, integer);
      alter table shared_contents drop column is_shareable, drop column unsaved_since;
      drop function publicity(text, integer)`)
    const rows = [...PUBLIC, ...PRIVATE].map(url => ({ url, platform: 'web', savers: 1 }))
    rows.push({ url: 'https://youtube.com/watch?v=dQw4w9WgXcQ', platform: 'youtube', savers: 0 })
    await sql`
      insert into shared_contents (id, url, url_hash, source_platform, external_id, attempt, save_count)
      select gen_random_uuid(), url, url, platform, '', gen_random_uuid(), savers
      from jsonb_to_recordset(${sql.json(rows)}) as x (url text, platform text, savers integer)`
    await sql`
      insert into audit_entries (user_id, id, action, resource_type, details)
      values (${ME}, gen_random_uuid(), 'save', 'save', '{"url": "https://example.org/?t=s3cr3t", "a": 1}')`
    await sql.unsafe(await readFile(new URL('../../../sql/0010_sharing.sql', import.meta.url), 'utf8'))
  }, 60_000)
  afterAll(() => database.close())

  test('decides alike of what was saved before', async () => {
    const shareable = await database.sql<{ url: string }[]>`
      select url from shared_contents where is_shareable and source_platform = 'web' order by url`
    expect(shareable.map(({ url }) => url)).toEqual(PUBLIC.toSorted())
    const videos = await database.sql`
      select is_shareable from shared_contents where source_platform = 'youtube'`
    expect([...videos]).toEqual([{ is_shareable: true }])
  })

  test('gives what nobody has its time from now on', async () => {
    const unsaved = await database.sql`
      select source_platform, unsaved_since > now() - interval '5 minutes' as is_new
      from shared_contents
      where unsaved_since is not null`
    expect([...unsaved]).toEqual([{ source_platform: 'youtube', is_new: true }])
  })

  test('takes the links out of the audit log', async () => {
    const [entry] = await database.sql`select details from audit_entries where user_id = ${ME}`
    expect(entry).toEqual({ details: { a: 1 } })
  })
})
