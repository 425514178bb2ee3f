// What 1 % of new saves costs beside a full run, and how many of the old saves stay where they were, on a real
// PostgreSQL: `bun scripts/postgres.ts bun bench/clustering/new-items.ts [saves] [rounds]` (inside `sh scripts/run.sh`).
// Each round groups the library for the first time, lets the new saves join as they do when they are READY, and groups
// it once more with the clusters that it has; all through the jobs that do it in the product.
import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import clusterLibrary from '#jobs/cluster-library'
import placeSave from '#jobs/place-save'
import type { Context } from '../../src/context.ts'
import type { Handler } from '../../src/ground/queue/queue.ts'
import { startTrove } from '../../test/support/app.ts'
import { usesRealPostgres } from '../../test/support/database.ts'
import { settle } from '../../test/support/settle.ts'
import { fillContents, fillUser } from '../vectors/fill.ts'

if (!usesRealPostgres) throw new Error('Run it inside `bun scripts/postgres.ts`.')
const saves = Number(process.argv[2] ?? 10_000)
const rounds = Number(process.argv[3] ?? 5)
const added = Math.ceil(saves / 100)
/** Of bench/vectors/fill.ts. */
const GROUPS = 60

const trove = await startTrove({ STATEMENT_TIMEOUT_MS: '600000' })
const { sql } = trove.database
// Filling it takes minutes, and neither side reads it.
await sql`drop index content_embeddings_nearest`
const contents = await fillContents(trove.database, saves + added, trove.context.models.embeddingModel)
await nameContents()
const user_id = await fillUser(trove.database, contents.slice(0, saves), saves)
await sql`vacuum (analyze)`

const first: number[] = []
const joining: number[] = []
const again: number[] = []
const keptByJoining: number[] = []
const keptByRun: number[] = []
const placedByJoining: number[] = []
const placedByRun: number[] = []
for (let round = 1; round <= rounds; round++) {
  await sql`delete from clusters where user_id = ${user_id}`
  first.push(await timed(() => perform(clusterLibrary, { user_id })))
  // Autovacuum's work, within a minute of such a run: without it plans rest on an empty table.
  await sql`analyze cluster_members`
  const before = await places()
  const news = await saveNew()
  joining.push(
    await timed(async () => {
      for (const save of news) await perform(placeSave, { user_id, ...save })
    }),
  )
  const joined = await places()
  again.push(await timed(() => perform(clusterLibrary, { user_id })))
  const after = await places()

  keptByJoining.push(kept(before, joined))
  keptByRun.push(kept(before, after))
  const share = (now: Map<string, string>) => news.filter(({ save_id }) => now.has(save_id)).length / added
  placedByJoining.push(share(joined))
  placedByRun.push(share(after))
  console.log(
    `round ${round}: first ${first.at(-1)!.toFixed(0)} ms (${before.size} of ${saves} in ${new Set(before.values()).size} clusters), ` +
      `joining ${joining.at(-1)!.toFixed(0)} ms, again ${again.at(-1)!.toFixed(0)} ms`,
  )
  await sql`delete from user_content_saves where user_id = ${user_id} and id in ${sql(news.map(({ save_id }) => save_id))}`
  await settle(sql)
}

const full = median(first)
console.log(
  `\n${saves} saves, ${added} new; medians of ${rounds} rounds; a first full run takes ${full.toFixed(0)} ms`,
)
show(`${added} new saves join`, joining, keptByJoining, placedByJoining)
show('a full run with the clusters that there are', again, keptByRun, placedByRun)
console.log(`load average at the end: ${loadavg().map(load => load.toFixed(1))}`)
await trove.stop()

function show(what: string, times: number[], kept: number[], placed: number[]): void {
  console.log(
    `${what}: ${median(times).toFixed(0)} ms, ${(median(times) / full).toFixed(3)} of a first full run; ` +
      `${(100 * Math.min(...kept)).toFixed(2)} % of the old saves keep group and label (least of the rounds), ` +
      `${(100 * median(placed)).toFixed(0)} % of the new ones are in a group`,
  )
}

/** Does the job's work and its effect, as the queue would. */
async function perform<Payload extends object>(
  job: Handler<Payload, Context>,
  payload: Payload,
): Promise<void> {
  const [effect] = await job.run([payload], trove.context)
  if (!effect || effect instanceof Error) throw effect
  await sql.begin(tx => effect(tx))
}

/** For each save that is in a cluster: which one, by id and label. */
async function places(): Promise<Map<string, string>> {
  const rows = await sql<{ save_id: string; place: string }[]>`
    select m.save_id, c.id || ' ' || c.label as place
    from cluster_members m
    join clusters c on c.user_id = m.user_id and c.id = m.cluster_id
    where m.user_id = ${user_id}`
  return new Map(rows.map(({ save_id, place }) => [save_id, place]))
}

/** The share of the old saves that are where they were; those that were in no group count when they still are. */
function kept(before: Map<string, string>, now: Map<string, string>): number {
  let moved = 0
  for (const [id, place] of before) if (now.get(id) !== place) moved++
  return 1 - moved / saves
}

async function saveNew(): Promise<{ save_id: string; content_id: string }[]> {
  const saved = await sql<{ save_id: string; content_id: string }[]>`
    insert into user_content_saves (user_id, id, shared_content_id)
    select ${user_id}, gen_random_uuid(), x::uuid
    from jsonb_array_elements_text(${sql.json(contents.slice(saves))}) x
    returning id as save_id, shared_content_id as content_id`
  await settle(sql)
  return saved
}

/** Texts of real videos, the contents of one group being about the same few. */
async function nameContents(): Promise<void> {
  const videos: { title: string; tags: string[]; channel_title: string }[] = readFileSync(
    new URL('../../test/support/fixtures/youtube-videos.jsonl', import.meta.url),
    'utf8',
  )
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  for (let from = 0; from < contents.length; from += 5000) {
    const texts = contents.slice(from, from + 5000).map((id, i) => {
      const n = from + i
      const { title, tags, channel_title } = videos[(n % GROUPS) * 6 + (Math.floor(n / GROUPS) % 6)]!
      return { id, title, tags, author: channel_title }
    })
    await sql`
      update shared_contents c
      set title = x.title, tags = x.tags, author = x.author, category_high = 'Learning'
      from jsonb_to_recordset(${sql.json(texts)}) as x (id uuid, title text, tags jsonb, author text)
      where c.id = x.id`
  }
}

async function timed(act: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await act()
  return performance.now() - start
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}
