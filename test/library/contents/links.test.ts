import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { readConfig } from '../../../src/config/config.ts'
import { readMigrations } from '../../../src/ground/database/migrate.ts'
import { countSaves } from '../../../src/library/contents/store.ts'
import { normaliseUrl } from '../../../src/library/links/normalise-url.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { settle } from '../../support/settle.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const config = readConfig({ PLATFORMS: 'youtube,instagram,web' })
const link = (url: string) => normaliseUrl(url, config)!
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const save = async (url: string) =>
  (await countSaves(database.sql, [{ link: link(url), is_shareable: true }]))[0]!.id

/** A page as versions before 0014_links.sql kept it: its address without a slash at the end, its key the same with https. */
async function saveFormerly(url: string): Promise<string> {
  const [content] = await database.sql<{ id: string }[]>`
    insert into shared_contents (id, url, url_hash, source_platform, external_id, is_shareable, attempt, save_count)
    values (${uuidv7()}, ${url}, ${sha256(url.replace('http:', 'https:'))}, 'web', 'x', true, ${uuidv7()}, 1)
    returning id`
  return content!.id
}

test('pages that were saved before the keys changed are found by them', async () => {
  const pages = {
    'http://old.example.org/notes': 'https://old.example.org/notes/',
    'https://old.example.org/caf%c3%a9?q=caf%c3%a9': 'https://old.example.org/caf%C3%A9/?q=caf%C3%A9',
    'https://old.example.org/%7Erosa/100%': 'https://old.example.org/~rosa/100%',
    'http://old.example.org/%61%2f%41?a=%2D%5f%2E&gad_source=1': 'https://old.example.org/a%2FA?a=-_.',
    'https://old.example.org/shop?mibextid=x': 'https://old.example.org/shop/',
    'https://old.example.org/shop?id=7&gad_campaignid=2&b=%20': 'https://old.example.org/shop?id=7&b=%20',
    'https://old.example.org/?_branch_match_id=3': 'https://old.example.org',
  }
  const saved = await Promise.all(Object.keys(pages).map(saveFormerly))
  const twice = await Promise.all(
    ['%7Etwice', '~twice'].map(it => saveFormerly(`https://old.example.org/${it}`)),
  )
  const links = (await readMigrations()).find(({ name }) => name === '0014_links.sql')!
  await database.sql.unsafe(links.text)
  await settle(database.sql)
  expect(await Promise.all(Object.values(pages).map(save))).toEqual(saved)
  expect(await Promise.all(Object.keys(pages).map(save))).toEqual(saved)
  expect(twice).toContain(await save('https://old.example.org/%7etwice'))
})

test('a link that failed starts anew at the address that was pasted last; one that did not fail keeps its own', async () => {
  const { sql } = database
  const id = await save('https://slash.example.org/notes')
  const address = async () => (await sql`select url, page_etag from shared_contents where id = ${id}`)[0]
  await sql`update shared_contents set page_etag = 'x' where id = ${id}`
  await save('https://slash.example.org/notes/')
  expect(await address()).toEqual({ url: 'https://slash.example.org/notes', page_etag: 'x' })
  await sql`update shared_contents set status = 'FAILED' where id = ${id}`
  await save('https://slash.example.org/notes/')
  expect(await address()).toEqual({ url: 'https://slash.example.org/notes/', page_etag: null })
})
