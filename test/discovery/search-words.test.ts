// Which words of a text find it, by GET /v1/search?mode=text and by GET /v1/items?search=.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { settle } from '../support/settle.ts'

let trove: Trove
let user: User
const LANGUAGES: Record<string, string> = {
  'Gli uomini mangiano i libri': 'it',
  'Die Häuser am Meer': 'de',
}
const TITLES = [
  'Docker/Kubernetes cheat sheet',
  'TCP/IP explained',
  'Pros/cons of remote work',
  'Release v1.2.3 of the parser',
  'Mail to ada.lovelace@example.com',
  'snake_case and kebab-case names',
  'How kubectlApply works',
  'Modern C++ in practice',
  'C# for beginners',
  'ASP.NET from scratch',
  'A 5kg turkey',
  'Samsung Galaxy unboxed',
  'The Who live at Leeds',
  'Crème brûlée at home',
  'Gönül dağı',
  'Zakłócenia w Krakowie',
  'Die Straße nach Süden',
  'Πρωινός καφές στην Αθήνα',
  'МОСКВА ночью',
  'Новый год и ёлка',
  '最美的时光和最值得的电影',
  '東京の美味しいラーメン屋',
  'วิธีทำผัดไทย',
  '서울에서 먹은 김치',
  'שָׁלוֹם לכולם',
  'اَلسَّلَامُ عَلَيْكُم',
  'Pizza night 🍕',
  ...Object.keys(LANGUAGES),
]

beforeAll(async () => {
  trove = await startTrove()
  user = await trove.register()
  for (const [n, title] of TITLES.entries()) {
    const url = `https://youtube.com/watch?v=words${String(n).padStart(6, '0')}`
    const { body } = await user.post('/v1/items', { url })
    await trove.database.sql`
      update shared_contents
      set status = 'READY', title = ${title}, text_language = ${LANGUAGES[title] ?? null}
      where id = ${body.content.id}`
  }
  await settle(trove.database.sql)
})
afterAll(() => trove.stop())

const found = async (q: string, more = 'mode=text') => {
  const { body } = await user.get(`/v1/search?${more}&q=${encodeURIComponent(q)}`)
  return body.results.map(({ content }: { content: { title: string } }) => content.title) as string[]
}

test.each([
  ['docker', 'Docker/Kubernetes cheat sheet'],
  ['kubernetes', 'Docker/Kubernetes cheat sheet'],
  ['TCP', 'TCP/IP explained'],
  ['tcp/ip', 'TCP/IP explained'],
  ['cons', 'Pros/cons of remote work'],
  ['v1.2.3', 'Release v1.2.3 of the parser'],
  ['lovelace', 'Mail to ada.lovelace@example.com'],
  ['ada.lovelace@example.com', 'Mail to ada.lovelace@example.com'],
  ['@lovelace', 'Mail to ada.lovelace@example.com'],
  ['#snake', 'snake_case and kebab-case names'],
  ['kebab', 'snake_case and kebab-case names'],
  ['kubectl', 'How kubectlApply works'],
  ['kubectlapply', 'How kubectlApply works'],
  ['c++', 'Modern C++ in practice'],
  ['C#', 'C# for beginners'],
  ['.NET', 'ASP.NET from scratch'],
  ['5 kg', 'A 5kg turkey'],
  ['5kg', 'A 5kg turkey'],
  ['kg', 'A 5kg turkey'],
  ['samsu', 'Samsung Galaxy unboxed'],
  ['SAMSUNG', 'Samsung Galaxy unboxed'],
  ['“galaxy unboxed”', 'Samsung Galaxy unboxed'],
  ['creme brulee', 'Crème brûlée at home'],
  ['creme\u0300 bru\u0302le\u0301e', 'Crème brûlée at home'],
  ['gonul', 'Gönül dağı'],
  ['dagi', 'Gönül dağı'],
  ['zaklocenia', 'Zakłócenia w Krakowie'],
  ['strasse', 'Die Straße nach Süden'],
  ['STRASSE', 'Die Straße nach Süden'],
  ['πρωινος', 'Πρωινός καφές στην Αθήνα'],
  ['ΚΑΦΕΣ', 'Πρωινός καφές στην Αθήνα'],
  ['москва', 'МОСКВА ночью'],
  ['новый', 'Новый год и ёлка'],
  ['елка', 'Новый год и ёлка'],
  ['电影', '最美的时光和最值得的电影'],
  ['ラーメン', '東京の美味しいラーメン屋'],
  ['屋', '東京の美味しいラーメン屋'],
  ['美味しいラーメン屋 東京', '東京の美味しいラーメン屋'],
  ['ผัดไทย', 'วิธีทำผัดไทย'],
  ['서울', '서울에서 먹은 김치'],
  ['שלום', 'שָׁלוֹם לכולם'],
  ['السلام', 'اَلسَّلَامُ عَلَيْكُم'],
  ['🍕', 'Pizza night 🍕'],
  ['libro', 'Gli uomini mangiano i libri'],
  ['Haus', 'Die Häuser am Meer'],
])('the words %p find %p first', async (q, title) => {
  expect((await found(q))[0]).toBe(title)
})

test('words that only join others find the title that holds them all', async () => {
  expect(await found('the who')).toEqual(['The Who live at Leeds'])
})

test.each(['xqzvw', 'blorptang grumplefitz', '犬猫', '...', '🚀', 'ж'])('%p finds nothing', async q => {
  expect(await found(q)).toEqual([])
})

test('a link finds its save before all else', async () => {
  expect((await found('https://youtu.be/words000003'))[0]).toBe(TITLES[3]!)
  expect((await found('youtube.com/watch?v=words000004&t=5', 'mode=hybrid'))[0]).toBe(TITLES[4]!)
})

describe('the list', () => {
  test.each([
    ['creme brulee', 'Crème brûlée at home'],
    ['GONUL', 'Gönül dağı'],
    ['zaklocenia', 'Zakłócenia w Krakowie'],
    ['strasse', 'Die Straße nach Süden'],
    ['é\u0301', 'Crème brûlée at home'],
    ['καφες', 'Πρωινός καφές στην Αθήνα'],
    ['电影', '最美的时光和最值得的电影'],
    ['kubectlapp', 'How kubectlApply works'],
  ])('finds %p', async (q, title) => {
    const { body } = await user.get(`/v1/items?search=${encodeURIComponent(q)}`)
    expect(body.items.map(({ content }: { content: { title: string } }) => content.title)).toContain(title)
  })

  test.each(['%', '_', '\\', '％％％', '＿＿＿'])('takes %p as plain characters', async q => {
    const { body } = await user.get(`/v1/items?search=${encodeURIComponent(q)}`)
    const holds = TITLES.filter(title => title.includes(q.normalize('NFKC')))
    expect(body.total).toBe(holds.length)
  })
})

test('pages go on where the last one ended, and say so', async () => {
  const all = await found('a the case names docker tcp pros release mail', 'mode=text&limit=100')
  const seen: string[] = []
  let path: string | undefined = '/v1/search?mode=text&limit=2&q=case+names+docker+tcp+pros+release+mail'
  const pages = []
  while (path) {
    const { body, headers } = await user.get(path)
    pages.push(body)
    seen.push(...body.results.map(({ content }: { content: { title: string } }) => content.title))
    path = headers.get('link')?.match(/^<(.*)>; rel="next"$/)?.[1]
  }
  expect(seen).toEqual(all)
  expect(pages.map(({ has_more }) => has_more)).toEqual([...pages.slice(1).map(() => true), false])
  expect(pages[0]).toMatchObject({ total: all.length, limit: 2, offset: 0, next_cursor: expect.any(String) })
  const second = await user.get(
    '/v1/search?mode=text&limit=2&offset=2&q=case+names+docker+tcp+pros+release+mail',
  )
  expect(second.body.results).toEqual(pages[1].results)
  const other = await user.get(`/v1/search?mode=text&q=docker&cursor=${pages[0].next_cursor}`)
  expect([other.status, other.body.error_code]).toEqual([400, 'INVALID_CURSOR'])
})
