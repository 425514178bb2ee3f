// A Trove of its own process, and a user in it with a big library that has not been grouped yet.
import { readFileSync, writeFileSync } from 'node:fs'
import { clientOf } from '../../test/support/app.ts'
import { settle } from '../../test/support/settle.ts'
import { type Bench, openBench } from '../ready/servers.ts'
import { fillContents } from '../vectors/fill.ts'

/** Contents of one group share the subjects of so many groups of vectors (bench/vectors/fill.ts). */
const GROUPS = 60

export interface BigLibrary {
  user: Awaited<ReturnType<Bench['user']>>
  base: string
  bench: Bench
  /** Asks for a run and resolves when it is done. @returns its seconds and how pg-boss kept it */
  rebuild(): Promise<{ seconds: number; retries: number; beats: number }>
  /** Of the server's process, in megabytes: what it has now, and the most since `forgetPeak` (Linux). */
  memory(name: 'VmRSS' | 'VmHWM'): number
  forgetPeak(): void
  /** The longest time in which the server's event loop did nothing else, in milliseconds, since this was last asked. */
  longestPause(): Promise<number>
}

/** The index of all vectors is left out: filling it takes minutes, and clustering does not use it. */
export async function openBigLibrary(saves: number): Promise<BigLibrary> {
  const bench = await openBench({ MODELS: 'local' })
  const { sql } = bench.database
  const first = await bench.start()
  const [active] = await sql<{ value: string }[]>`
    select value from server_settings where name = 'embedding_model'`
  const user = await bench.user(first.base)
  first.server.child.kill('SIGTERM')
  await first.server.exit

  await sql`drop index content_embeddings_nearest`
  const ids = await fillContents(bench.database, saves, active!.value)
  for (let from = 0; from < saves; from += 5000) {
    const texts = ids.slice(from, from + 5000).map((id, i) => ({ id, ...textOf(from + i) }))
    await sql`
      update shared_contents c
      set title = x.title, tags = x.tags, author = x.author, category_high = 'Learning'
      from jsonb_to_recordset(${sql.json(texts)}) as x (id uuid, title text, tags jsonb, author text)
      where c.id = x.id`
  }
  for (let from = 0; from < saves; from += 5000) {
    await sql`
      insert into user_content_saves (user_id, id, shared_content_id)
      select ${user.id}, gen_random_uuid(), x::uuid
      from jsonb_array_elements_text(${sql.json(ids.slice(from, from + 5000))}) x`
  }
  await settle(sql)
  await sql`vacuum (analyze)`

  const { base, server } = await bench.start()
  const { pid } = server.child
  return {
    bench,
    base,
    user: { ...user, ...clientOf(fetch, { authorization: `Bearer ${user.token}` }, base) },
    async rebuild() {
      const start = performance.now()
      const answer = await fetch(`${base}/v1/clusters/rebuild`, {
        method: 'POST',
        headers: { authorization: `Bearer ${user.token}` },
      })
      const { job_id } = (await answer.json()) as { job_id: string }
      const beats = new Set<string>()
      for (;;) {
        const [job] = await sql<{ state: string; retry_count: number; beat: string | null }[]>`
          select state::text, retry_count, heartbeat_on::text as beat from pgboss.job where id = ${job_id}`
        if (job!.beat) beats.add(job!.beat)
        if (job!.state === 'completed')
          return {
            seconds: (performance.now() - start) / 1000,
            retries: job!.retry_count,
            beats: beats.size,
          }
        if (job!.state === 'failed') throw new Error('The run failed')
        await new Promise(resolve => setTimeout(resolve, 100))
      }
    },
    memory(name) {
      const line = readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`${name}:\\s+(\\d+) kB`))!
      return (Number(line[1]) * 1024) / 1e6
    },
    forgetPeak: () => writeFileSync(`/proc/${pid}/clear_refs`, '5'),
    async longestPause() {
      const text = await (await fetch(`${base}/metrics`)).text()
      return 1000 * Number(text.match(/^trove_event_loop_lag_seconds ([\d.e-]+)$/m)?.[1])
    },
  }
}

interface Video {
  title: string
  channel_title: string
  tags: string[]
}
const videos: Video[] = readFileSync(
  new URL('../../test/support/fixtures/youtube-videos.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map(line => JSON.parse(line))

/** The text of a video of the content's group, and some of another's, so that hardly two are equal. */
function textOf(n: number): { title: string; tags: string[]; author: string } {
  const inGroup = Math.floor(videos.length / GROUPS)
  const own = videos[(n % GROUPS) * inGroup + (Math.floor(n / GROUPS) % inGroup)]!
  const other = videos[(n * 7919) % videos.length]!
  return {
    title: `${own.title} ${other.title.slice(0, 30)}`,
    tags: [...own.tags, ...other.tags.slice(0, 5)],
    author: own.channel_title,
  }
}
