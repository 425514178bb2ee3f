// Whether search finds what it should: `bun bench/search.ts [vectors.json]` (inside `sh scripts/run.sh`). In libraries of real titles,
// how often the only title that holds a word is among the first three, what nonsense finds, and whether a paraphrase still
// finds its title; beside the fusion by ranks of before. `vectors.json` keeps the vectors of titles for the next run.

import { readFileSync, writeFileSync } from 'node:fs'
import { v7 as uuidv7 } from 'uuid'
import { startPostgres } from '../scripts/postgres.ts'
import { fuseScores } from '../src/discovery/search/fuse-scores.ts'
import { floorOf, keepRelevant } from '../src/discovery/search/keep-relevant.ts'
import { findByWords } from '../src/discovery/search/store.ts'
import { findNearestOfUser, saveEmbedding } from '../src/discovery/vectors/store.ts'
import { openDatabase } from '../src/ground/database/connection.ts'
import { migrate } from '../src/ground/database/migrate.ts'
import { textLanguage } from '../src/library/contents/text-language.ts'
import { createLocalModels, LOCAL_MODEL } from '../src/models/local/local.ts'
import { TITLES } from '../test/clustering/titles-by-language.ts'
import { testConfig } from '../test/support/database.ts'
import { settle } from '../test/support/settle.ts'
import { fuseRanks } from './search/fuse-ranks.ts'
import { PARAPHRASES } from './search/paraphrases.ts'

const FIXTURE = new URL('../test/support/fixtures/youtube-videos.jsonl', import.meta.url)
const NONSENSE = [
  'xqzvw',
  'blorptang',
  'grumplefitz vrombulate',
  'qwxzjk',
  'glimfus snorkplat',
  'zzyzx',
  'ぬぺゎ',
  'ظغثخ',
]
const LANGUAGES = ['it', 'nl', 'pt', 'ja', 'ar']
/** Every so many-th word of the large library. */
const STEP = 5
const FIRST = 3

const english = readFileSync(FIXTURE, 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line).title as string)
const libraries: [name: string, titles: string[]][] = [
  ['en', [...new Set(english)]],
  ...LANGUAGES.map((code): [string, string[]] => {
    const { cooking, travel, trouble } = TITLES[code]!
    return [code, [...cooking, ...travel, ...trouble]]
  }),
]

const server = await startPostgres()
const database = await openDatabase(testConfig({ DATABASE_URL: server.url }))
const { sql } = database
await migrate(database)
const models = createLocalModels()
const vectors = await vectorsOf(libraries.flatMap(([, titles]) => titles))

for (const [name, titles] of libraries) {
  const user = await fill(name, titles)
  const words = uniqueWords(titles, name).filter((_, at) => name !== 'en' || at % STEP === 0)
  const places = { now: 0, before: 0 }
  const missed: string[] = []
  const times: number[] = []
  for (const [word, title] of words) {
    const { now, before, took } = await search(user, word)
    times.push(took)
    if (placeOf(title, now) < FIRST) places.now++
    else missed.push(word)
    if (placeOf(title, before) < FIRST) places.before++
  }
  const share = (count: number) => `${((100 * count) / words.length).toFixed(1)} %`
  console.log(
    `${name}: ${titles.length} titles, ${words.length} words; in the first three ${share(places.now)}, ${share(places.before)} by ranks`,
    `; by words and meaning ${median(times).toFixed(1)} ms`,
    missed.length > 0 ? `; missed: ${missed.join(' ')}` : '',
  )
  const nonsense = []
  for (const q of NONSENSE) nonsense.push((await search(user, q)).now.length)
  console.log(`${name}: nonsense finds ${nonsense.join(', ')}`)
  if (name !== 'en') continue
  const found = { now: 0, before: 0 }
  for (const [q, title] of PARAPHRASES) {
    const { now, before } = await search(user, q)
    if (placeOf(title, now) < 10) found.now++
    if (placeOf(title, before) < 10) found.before++
  }
  console.log(`paraphrases in the first ten: ${found.now} of ${PARAPHRASES.length}, ${found.before} by ranks`)
}
await models.close()
await database.close()
await server.stop()

async function search(user: string, q: string) {
  const { vectors } = await models.embed([q], { are_queries: true })
  const vector = vectors[0]
  const start = performance.now()
  const [words, near] = await Promise.all([
    findByWords(sql, user, { q, scope: 'mine' }, 200),
    vector instanceof Float32Array ? findNearestOfUser(sql, user, { vector, model: LOCAL_MODEL }, 200) : [],
  ])
  const meaning = keepRelevant(near, LOCAL_MODEL)
  const took = performance.now() - start
  const before = fuseRanks([
    { way: 'text', ids: words.slice(0, 50).map(({ id }) => id) },
    { way: 'semantic', ids: meaning.slice(0, 50).map(({ id }) => id) },
  ])
  return {
    now: await titlesOf(fuseScores(words, meaning, floorOf(LOCAL_MODEL))),
    before: await titlesOf(before),
    took,
  }
}

async function titlesOf(found: { id: string }[]): Promise<string[]> {
  if (found.length === 0) return []
  const rows = await sql<{ id: string; title: string }[]>`
    select id, title from shared_contents where id in ${sql(found.map(({ id }) => id))}`
  const titles = new Map(rows.map(({ id, title }) => [id, title]))
  return found.map(({ id }) => titles.get(id)!)
}

function placeOf(title: string, titles: string[]): number {
  const place = titles.indexOf(title)
  return place === -1 ? Number.POSITIVE_INFINITY : place
}

/** Words that stand in one title alone: of six letters and more, where a script has spaces; else as a segmenter splits. */
function uniqueWords(titles: string[], language: string): [word: string, title: string][] {
  const holders = new Map<string, string[]>()
  const segmenter = new Intl.Segmenter(language, { granularity: 'word' })
  const least = language === 'ja' ? 2 : language === 'ar' ? 4 : 6
  for (const title of titles) {
    const words = [...segmenter.segment(title.toLowerCase())]
      .filter(
        ({ isWordLike, segment }) =>
          isWordLike && segment.length >= least && /^[\p{L}\p{M}]+$/u.test(segment),
      )
      .map(({ segment }) => segment)
    for (const word of new Set(words)) holders.set(word, [...(holders.get(word) ?? []), title])
  }
  return [...holders].flatMap(([word, titles]): [string, string][] =>
    titles.length === 1 ? [[word, titles[0]!]] : [],
  )
}

async function fill(name: string, titles: string[]): Promise<string> {
  const user = uuidv7()
  await sql`insert into users (id, email, password_hash) values (${user}, ${`${name}@example.com`}, 'none')`
  await sql`insert into libraries (user_id) values (${user})`
  for (const [n, title] of titles.entries()) {
    const id = uuidv7()
    await sql`
      insert into shared_contents (id, url, url_hash, source_platform, external_id, attempt, status, title, text_language, save_count)
      values (${id}, ${`https://youtube.com/watch?v=${name}${n}`}, ${name + n}, 'youtube', ${name + n}, ${id}, 'READY', ${title},
        ${await textLanguage(title)}, 1)`
    await sql`insert into user_content_saves (user_id, id, shared_content_id) values (${user}, ${uuidv7()}, ${id})`
    const vector = vectors.get(title)
    if (vector) await saveEmbedding(sql, id, LOCAL_MODEL, vector)
  }
  await settle(sql)
  await sql`analyze`
  return user
}

async function vectorsOf(titles: string[]): Promise<Map<string, Float32Array | null>> {
  const file = process.argv[2]
  const kept: Record<string, number[] | null> = file ? readKept(file) : {}
  const missing = titles.filter(title => !(title in kept))
  const made = await models.embed(missing)
  for (const [at, title] of missing.entries()) {
    const vector = made.vectors[at]
    kept[title] = vector instanceof Float32Array ? [...vector] : null
  }
  if (file) writeFileSync(file, JSON.stringify(kept))
  return new Map(Object.entries(kept).map(([title, vector]) => [title, vector && Float32Array.from(vector)]))
}

function readKept(file: string): Record<string, number[] | null> {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return {}
  }
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0
}
