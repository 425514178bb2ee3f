import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import fetchContent from '#jobs/fetch-content'
import { BreakerOpen } from '../../src/ground/breakers.ts'
import { FetchError } from '../../src/ground/fetch/fetch.ts'
import type { Effect } from '../../src/ground/queue/queue.ts'
import { saysSomething } from '../../src/library/contents/says-something.ts'
import { type Simulator, startPlatformSimulator } from '../simulators/platforms.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'

let simulator: Simulator
let trove: Trove
let user: User
beforeAll(async () => {
  simulator = await startPlatformSimulator({ youtube_api_key: null })
  trove = await startTrove({ ...simulator.env, PLATFORMS: 'youtube,instagram,web' })
  user = await trove.register()
})
afterEach(() => {
  simulator.recover()
  simulator.requests.length = 0
})
afterAll(async () => {
  await trove.stop()
  await simulator.close()
})

const video = (n: number) => `https://youtu.be/${simulator.videos[n]!.video_id}`
const page = (name: string) => `${simulator.url}/web/${name}`
async function save(url: string, raw_share_text?: string, by = user) {
  const { body, status } = await by.post('/v1/items', { url, raw_share_text })
  if (status !== 201) throw new Error(`${url} answered ${status}`)
  return body.content.id as string
}
async function contentOf(id: string) {
  const [row] = await trove.database.sql`
    select status, title, content_text, description, transcript, metadata_source, metadata_quality, error_message, attempt,
      page_etag, version
    from shared_contents
    where id = ${id}`
  return row!
}
const payloadOf = async (content_id: string) => ({
  content_id,
  attempt: (await contentOf(content_id)).attempt as string,
  request_id: 'test',
})
/** Runs the job on contents as the queue would, and writes what it would write. */
async function run(...ids: string[]): Promise<(Effect | Error)[]> {
  return runTry(1, ...ids)
}
async function runTry(n: number, ...ids: string[]): Promise<(Effect | Error)[]> {
  const payloads = await Promise.all(ids.map(payloadOf))
  return settle(
    await fetchContent.run(
      payloads,
      trove.context,
      payloads.map(() => n),
    ),
  )
}
async function settle(outcomes: (Effect | Error)[]): Promise<(Effect | Error)[]> {
  for (const outcome of outcomes) {
    if (!(outcome instanceof Error)) await trove.database.sql.begin(tx => outcome(tx))
  }
  return outcomes
}
async function giveUp(id: string, error = new Error('The site did not answer.')) {
  const payload = await payloadOf(id)
  await trove.database.sql.begin(tx => fetchContent.giveUp!(payload, error, trove.context)(tx))
}

describe('when nobody says what a link is', () => {
  test('a note that says something makes it minimal, and is not stored with it', async () => {
    const id = await save('https://youtu.be/nosuchvid01', 'pasta for Friday with Zebediah')
    await run(id)
    expect(await contentOf(id)).toMatchObject({
      status: 'PROCESSING',
      metadata_source: 'note',
      metadata_quality: 'minimal',
      title: null,
      description: null,
      transcript: null,
      error_message: null,
    })
    const [row] = await trove.database
      .sql`select to_jsonb(c)::text as text from shared_contents c where id = ${id}`
    expect(row!.text).not.toMatch(/pasta|Zebediah/)
  })

  test('a note without words does not, and the reason is one that a person understands', async () => {
    const id = await save('https://youtu.be/nosuchvid02', '🔥🔥 https://youtu.be/nosuchvid02 !!')
    await run(id)
    expect(await contentOf(id)).toMatchObject({
      status: 'FAILED',
      metadata_source: null,
      error_message: 'The video does not exist or is private.',
    })
  })

  test('the note of another who saved it will do', async () => {
    const id = await save('https://youtu.be/nosuchvid03')
    await save('https://youtu.be/nosuchvid03', 'knife skills', await trove.register())
    await run(id)
    expect(await contentOf(id)).toMatchObject({ status: 'PROCESSING', metadata_source: 'note' })
  })

  test('after the last try the same holds', async () => {
    const [noted, silent] = [
      await save(`${page('busy')}?noted`, 'bread oven plans'),
      await save(`${page('busy')}?silent`),
    ]
    const outcomes = await run(noted, silent)
    expect(outcomes.every(outcome => outcome instanceof Error)).toBe(true)
    await giveUp(noted)
    await giveUp(silent)
    expect(await contentOf(noted)).toMatchObject({ status: 'PROCESSING', metadata_source: 'note' })
    expect(await contentOf(silent)).toMatchObject({
      status: 'FAILED',
      error_message: 'The site did not answer.',
    })
  })

  test('what a platform once said stays', async () => {
    const id = await save(video(1), 'a note')
    await run(id)
    const before = await contentOf(id)
    await giveUp(id)
    expect(await contentOf(id)).toMatchObject({ metadata_source: 'youtube_page', title: before.title })
  })
})

describe('a site that refuses, or is down', () => {
  const laterJobs = (id: string) =>
    trove.database.sql<{ minutes: number; data: Record<string, unknown> }[]>`
      select data, round(extract(epoch from start_after - created_on) / 60)::integer as minutes
      from pgboss.job
      where name = 'fetch-content' and data ->> 'content_id' = ${id} and data ? 'later'
      order by minutes`

  test.each(['login', 'robot', 'forbidden'])(
    'that refuses has answered: people are told (%s)',
    async name => {
      const id = await save(`${page(name)}?told`)
      await run(id)
      expect(await contentOf(id)).toMatchObject({
        status: 'FAILED',
        error_message: expect.stringMatching(/\.$/),
      })
      expect((await laterJobs(id)).map(({ minutes }) => minutes)).toEqual([10])
    },
  )

  test('that is down is tried a few times at once, then people are told', async () => {
    const id = await save(`${page('busy')}?told`)
    for (const n of [1, 2]) {
      expect((await runTry(n, id))[0]).toBeInstanceOf(Error)
      expect(await contentOf(id)).toMatchObject({ status: 'PENDING' })
    }
    await runTry(3, id)
    expect(await contentOf(id)).toMatchObject({ status: 'FAILED' })
    expect((await laterJobs(id)).map(({ minutes }) => minutes)).toEqual([10])
  })

  test('is asked again by itself, ever later: people hear of it only when there is something', async () => {
    const url = page('busy')
    const id = await save(`${url}?later`)
    await runTry(3, id)
    const told = await contentOf(id)
    let [job] = await laterJobs(id)
    for (const minutes of [60, 360, 1440]) {
      await trove.database.sql`delete from pgboss.job where data ->> 'content_id' = ${id}`
      const payload = job!.data as Awaited<ReturnType<typeof payloadOf>>
      await settle(await fetchContent.run([payload], trove.context, [3]))
      expect(await contentOf(id)).toEqual(told)
      ;[job] = await laterJobs(id)
      expect(job!.minutes).toBe(minutes)
    }
    // The page is there now.
    await trove.database.sql`update shared_contents set url = ${page('article')} where id = ${id}`
    const payload = job!.data as Awaited<ReturnType<typeof payloadOf>>
    await settle(await fetchContent.run([payload], trove.context, [1]))
    expect(await contentOf(id)).toMatchObject({ status: 'PROCESSING', title: 'The market on wheels' })
  })

  test('a host that wants to be left alone is waited for a minute, and no longer', async () => {
    const id = await save(`${page('article')}?patient`)
    const busy = (seconds: number) => {
      const error = new FetchError(
        'busy',
        new URL(simulator.url),
        'asked us to wait before trying again',
        seconds,
      )
      return { ...trove.context, fetcher: { ...trove.context.fetcher, page: () => Promise.reject(error) } }
    }
    const payload = await payloadOf(id)
    const ask = async (seconds: number) => (await fetchContent.run([payload], busy(seconds), [1]))[0]!
    expect(await ask(15)).toMatchObject({ retry_after: 15 })
    await settle([await ask(600)])
    expect(await contentOf(id)).toMatchObject({ status: 'FAILED' })
    expect(await laterJobs(id)).toHaveLength(1)
  })
})

describe('a note says something', () => {
  const NOTES: [string, boolean][] = [
    ['pasta for Friday', true],
    ['ok', true],
    ['寿司', true],
    ['食', true],
    ['ดี', true],
    ['#lisbon', true],
    ['see https://example.com/a', true],
    ['https://example.com/pasta-for-friday', false],
    ['example.com/pasta youtu.be/abc www.a.example', false],
    ['🔥🔥', false],
    ['!!! ...', false],
    ['2024', false],
    ['x', false],
    ['', false],
  ]
  test.each(NOTES)('%p: %p', (note, says) => {
    expect(saysSomething(note)).toBe(says)
  })
})

describe('a page that was read before', () => {
  test('is asked for with its validators; unchanged, it is kept as it is and the chain goes on', async () => {
    const id = await save(page('article'))
    await run(id)
    const first = await contentOf(id)
    expect(first).toMatchObject({ title: 'The market on wheels', page_etag: expect.stringMatching(/^".+"$/) })
    expect(first.transcript).toContain('The bakers come first')
    expect(first.content_text).toContain('The bakers come first')
    await run(id)
    expect(simulator.requests.map(({ status }) => status)).toEqual([200, 304])
    expect(await contentOf(id)).toEqual(first)
    const jobs = await trove.database.sql`
      select id from pgboss.job where name = 'understand-content' and data ->> 'content_id' = ${id}`
    expect(jobs.length).toBe(2)
  })

  test('is read in full when nothing is known of it', async () => {
    const id = await save(page('recipe'))
    await run(id)
    await trove.database.sql`update shared_contents set metadata_source = null where id = ${id}`
    await run(id)
    expect(simulator.requests.map(({ status }) => status)).toEqual([200, 200])
  })
})

describe('a platform that fails again and again', () => {
  test('is left alone: the queue gets BreakerOpen, other platforms and pages go on', async () => {
    simulator.fail('instagram_page', 'error_500')
    const posts = await Promise.all(
      simulator.posts
        .slice(0, 12)
        .map(({ kind, shortcode }) => save(`https://instagram.com/${kind}/${shortcode}`)),
    )
    const others = [await save(video(3)), await save(page('plain'))]
    const outcomes = await run(...posts, ...others)
    const asked = simulator.requests.filter(({ source }) => source === 'instagram_page').length
    expect(asked).toBeGreaterThanOrEqual(5)
    expect(asked).toBeLessThan(12)
    expect(outcomes.filter(outcome => outcome instanceof BreakerOpen).length).toBe(12 - asked)
    expect(outcomes.slice(12).some(outcome => outcome instanceof Error)).toBe(false)
    expect(trove.context.breakers.states()).toMatchObject({ instagram: 'open', youtube: 'closed' })
    expect(trove.context.breakers.states()).not.toHaveProperty('web')
  })
})
