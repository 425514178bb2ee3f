import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { fetchContent } from '#jobs/fetch-content'
import { BreakerOpen } from '../../src/breakers.ts'
import { saysSomething } from '../../src/library/contents/says-something.ts'
import type { Effect } from '../../src/queue.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { type Simulator, startPlatformSimulator } from '../support/platform-simulator.ts'

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
  const outcomes = await fetchContent.run(await Promise.all(ids.map(payloadOf)), trove.context)
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
    const [noted, silent] = [await save(page('robot'), 'bread oven plans'), await save(page('busy'))]
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
