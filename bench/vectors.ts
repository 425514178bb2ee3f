// Similar items and search by meaning at every size of a library: `bun bench/vectors.ts [contents] [rounds]` (inside
// `sh scripts/run.sh`). Recall against the exact answer; times interleaved, medians; beside a table whose vectors are
// stored as Postgres would by itself.
import type { PendingQuery, Row } from 'postgres'
import { startPostgres } from '../scripts/postgres.ts'
import { findSimilar } from '../src/discovery/similar/store.ts'
import { readVector, toVector } from '../src/discovery/vectors/convert-vector.ts'
import { findNearestOfUser, type Near } from '../src/discovery/vectors/store.ts'
import { openDatabase } from '../src/ground/database/connection.ts'
import { migrate } from '../src/ground/database/migrate.ts'
import { contentColumns } from '../src/library/contents/store.ts'
import { EMBEDDING_DIMENSIONS } from '../src/vocabulary.ts'
import { testConfig } from '../test/support/database.ts'
import { fillContents, fillUser } from './vectors/fill.ts'

const CONTENTS = Number(process.argv[2] ?? 100_000)
const rounds = Number(process.argv[3] ?? 50)
const MODEL = 'bench'
const LIMIT = 10
/** What SHARED_MIN_SAVERS is by itself. */
const LEAST_SAVERS = 2

const server = await startPostgres()
const database = await openDatabase(testConfig({ DATABASE_URL: server.url, STATEMENT_TIMEOUT_MS: '3600000' }))
const { sql } = database
await migrate(database)
await sql`drop index content_embeddings_nearest`
const ids = await fillContents(database, CONTENTS, MODEL)
const started = performance.now()
await sql.unsafe(`set maintenance_work_mem = '1GB'; create index content_embeddings_nearest on content_embeddings
  using hnsw (embedding vector_cosine_ops) with (m = 16, ef_construction = 100)`)
console.log(`index of ${CONTENTS} vectors built in ${((performance.now() - started) / 1000).toFixed(0)} s`)
await sql`create table toasted (content_id uuid, model text, embedding vector(512), primary key (content_id, model))`
await sql`alter table toasted alter column embedding set storage external`
await sql`insert into toasted select content_id, model, embedding from content_embeddings`
await sql`vacuum (analyze) content_embeddings, toasted, shared_contents`

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!
async function timed<T>(times: number[], act: () => Promise<T>): Promise<T> {
  const start = performance.now()
  const result = await act()
  times.push(performance.now() - start)
  return result
}
const recall = (found: Near[], truth: Near[]) =>
  found.filter(({ id }) => truth.some(other => other.id === id)).length / truth.length

const someId = () => ids[Math.floor(Math.random() * ids.length)]!

async function vectorOf(id: string): Promise<Float32Array> {
  const [row] = await sql<{ bytes: Uint8Array }[]>`
    select vector_send(embedding) as bytes from content_embeddings where content_id = ${id}`
  const vector = new Float32Array(EMBEDDING_DIMENSIONS)
  readVector(row!.bytes, vector, 0)
  return vector
}

for (const size of [100, 10_000, CONTENTS / 2]) {
  const user = await fillUser(database, ids, size)
  await sql`vacuum (analyze) user_content_saves, library_counts`
  await compareSimilar(user, size)
  await compareSearch(user, size)
}

/** What an item's page shows: what is like it among everything, with the user's own saves marked. */
async function compareSimilar(user: string, size: number): Promise<void> {
  const times = { ours: [] as number[], default: [] as number[] }
  const recalls: number[] = []
  for (let round = 0; round < rounds; round++) {
    const id = someId()
    const ours = await timed(times.ours, () => findSimilar(sql, user, id, MODEL, LIMIT, LEAST_SAVERS))
    const found = ours.map(({ content, similarity_score: score }) => ({ id: content.id, score }))
    const truth = await timed(
      times.default,
      () => sql<Near[]>`
        with asked as materialized (
          select embedding from toasted where content_id = ${id} and model = ${MODEL}
        ), nearest as (
          select t.content_id, t.embedding <=> asked.embedding as distance
          from asked, toasted t
          where t.model = ${MODEL} and t.content_id <> ${id}
          order by (t.embedding <=> asked.embedding) + 0
          limit ${LIMIT}
        )
        select ${contentColumns(sql)}, c.id, 1 - n.distance as score, s.id as save_id
        from nearest n
        join shared_contents c on c.id = n.content_id
        left join user_content_saves s on s.user_id = ${user} and s.shared_content_id = c.id
        order by n.distance`,
    )
    recalls.push(recall(found, truth))
  }
  show(`similar items, a library of ${size}`, times, recalls)
}

for (const part of [0.1, 0.03, 0.002, 0]) await compareShared(part)

/** What is like an item of one's own, where others may find only some groups of everything. */
async function compareShared(part: number): Promise<void> {
  await sql`update shared_contents set is_shareable = substr(external_id, 2)::integer % 1500 < ${Math.round(part * 1500)}`
  await sql`vacuum (analyze) shared_contents`
  const user = await fillUser(database, ids, 1000)
  await sql`vacuum (analyze) user_content_saves, library_counts`
  const times = { ours: [] as number[], default: [] as number[] }
  const recalls: number[] = []
  for (let round = 0; round < rounds; round++) {
    const id = someId()
    const ours = await timed(times.ours, () => findSimilar(sql, user, id, MODEL, LIMIT, LEAST_SAVERS))
    const found = ours.map(({ content, similarity_score: score }) => ({ id: content.id, score }))
    const truth = await timed(
      times.default,
      () => sql<Near[]>`
        with asked as materialized (
          select embedding from toasted where content_id = ${id} and model = ${MODEL}
        )
        select t.content_id as id, 1 - (t.embedding <=> asked.embedding) as score
        from asked, toasted t
        join shared_contents c on c.id = t.content_id
        left join user_content_saves s on s.user_id = ${user} and s.shared_content_id = c.id
        where t.model = ${MODEL} and t.content_id <> ${id} and (c.is_shareable or s.id is not null)
        order by (t.embedding <=> asked.embedding) + 0
        limit ${LIMIT}`,
    )
    recalls.push(recall(found, truth))
  }
  show(`similar items, a library of 1000, ${part * 100} % of everything to be found by all`, times, recalls)
}

/** Search by meaning in the user's own library. */
async function compareSearch(user: string, size: number): Promise<void> {
  const times = { ours: [] as number[], default: [] as number[] }
  const inServer = { ours: [] as number[], default: [] as number[] }
  const recalls: number[] = []
  for (let round = 0; round < rounds; round++) {
    const asked = { vector: await vectorOf(someId()), model: MODEL }
    const text = toVector(asked.vector)
    const byDefault = () => sql`
      select t.content_id as id, 1 - (t.embedding <=> ${text}::vector) as score
      from user_content_saves s
      join toasted t on t.content_id = s.shared_content_id and t.model = ${MODEL}
      where s.user_id = ${user} and s.status = 'READY'
      order by (t.embedding <=> ${text}::vector) + 0
      limit ${LIMIT}`
    const found = await timed(times.ours, () => findNearestOfUser(sql, user, asked, LIMIT))
    const truth = await timed(times.default, () => sql<Near[]>`${byDefault()}`)
    recalls.push(recall(found, truth))
    const ours = sql`select content_id from nearest_of_user(${text}::vector, ${MODEL}, ${user}, ${LIMIT})`
    inServer.ours.push(await serverTime(ours))
    inServer.default.push(await serverTime(byDefault()))
  }
  show(`search by meaning in a library of ${size}`, times, recalls)
  const [a, b] = [median(inServer.ours), median(inServer.default)]
  console.log(`  in the server alone: ${a.toFixed(2)} and ${b.toFixed(2)} ms, ratio ${(b / a).toFixed(1)}`)
}

/** How long the server executes a query: without the way there and back, and without reading the vector's text. */
async function serverTime(query: PendingQuery<Row[]>): Promise<number> {
  const lines = await sql`explain (analyze, timing off) ${query}`
  const line = lines.map(row => String(row['QUERY PLAN'])).find(text => text.startsWith('Execution Time'))
  return Number(line?.match(/[\d.]+/)?.[0])
}

function show(
  what: string,
  { ours, default: other }: Record<'ours' | 'default', number[]>,
  recalls: number[],
): void {
  const mean = recalls.reduce((sum, value) => sum + value, 0) / recalls.length
  const [a, b] = [median(ours), median(other)]
  console.log(
    `${what}: ${a.toFixed(2)} ms, default storage read whole ${b.toFixed(2)} ms, ratio ${(b / a).toFixed(1)}, recall@${LIMIT} ${mean.toFixed(3)}, at worst ${Math.min(...recalls)}`,
  )
}

await database.close()
await server.stop()
