import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { settle } from '../support/settle.ts'

let trove: Trove
let user: User
beforeAll(async () => {
  trove = await startTrove()
})
afterAll(() => trove.stop())

const video = (n: number) => `https://www.youtube.com/watch?v=video${String(n).padStart(6, '0')}`
const fresh = async () => {
  user = await trove.register()
  return user
}
/** Makes what was saved READY without the workers, so that lists can be tested by themselves. */
const makeReady = async (title: string, url: string, category: string | null = null) => {
  const { sql } = trove.database
  await sql`
    update shared_contents set status = 'READY', title = ${title}, category_high = ${category}
    where external_id = ${new URL(url).searchParams.get('v')}`
  await settle(sql)
}

describe('saving', () => {
  test('answers 201 with the save, the content, the job and where the save is', async () => {
    await fresh()
    const { status, body, headers } = await user.post('/v1/items', {
      url: `${video(1)}&utm_source=x`,
      raw_share_text: ' <b>Watch</b> tonight ',
    })
    expect(status).toBe(201)
    expect(body.save).toMatchObject({ user_id: user.id, raw_share_text: 'Watch tonight', is_archived: false })
    expect(body.content).toMatchObject({
      url: 'https://youtube.com/watch?v=video000001',
      source_platform: 'youtube',
      status: 'PENDING',
      save_count: 1,
      title: null,
    })
    expect(body.message).toBe('Content saved successfully. Processing has been queued.')
    expect(headers.get('location')).toBe(`/v1/items/${body.save.id}`)
    const job = await user.get(`/v1/jobs/${body.job_id}`)
    expect(job.body).toMatchObject({ type: 'fetch-content', status: 'PENDING', progress: 0 })
  })

  test('a second save of the same content is refused and counts nothing, however it is spelled', async () => {
    await fresh()
    const first = await user.post('/v1/items', { url: video(2) })
    const second = await user.post('/v1/items', { url: 'https://youtu.be/video000002?si=abc' })
    expect(second.status).toBe(400)
    expect(second.body).toMatchObject({
      detail: 'You have already saved this content',
      existing_save_id: first.body.save.id,
    })
    const [content] = await trove.database.sql`
      select save_count from shared_contents where external_id = 'video000002'`
    expect(content).toEqual({ save_count: 1 })
  })

  test('many people who save one link at once make one content, one job and the right count', async () => {
    const people = await Promise.all(Array.from({ length: 12 }, () => trove.register()))
    const spellings = [
      video(3),
      'https://youtu.be/video000003',
      'http://m.youtube.com/watch?v=video000003&t=9',
    ]
    const saved = await Promise.all(
      people.map((person, i) => person.post('/v1/items', { url: spellings[i % spellings.length] })),
    )
    expect(saved.map(({ status }) => status)).toEqual(Array(12).fill(201))
    // All of them can follow the one job.
    expect(new Set(saved.map(({ body }) => body.job_id)).size).toBe(1)
    const [queued] = await trove.database.sql`
      select count(*) as jobs from pgboss.job where name = 'fetch-content' and data ->> 'content_id' = ${saved[0]!.body.content.id}`
    expect(queued).toEqual({ jobs: 1 })
    const contents = await trove.database.sql`
      select save_count from shared_contents where external_id = 'video000003'`
    expect([...contents]).toEqual([{ save_count: 12 }])
  })

  test('what is READY already is said to be', async () => {
    const first = await fresh()
    await first.post('/v1/items', { url: video(4) })
    await makeReady('Ready', video(4))
    const second = await trove.register()
    const { body } = await second.post('/v1/items', { url: video(4) })
    expect(body).toMatchObject({ message: 'Content already processed and ready to view!', job_id: null })
  })

  test('content that FAILED starts anew when somebody saves it', async () => {
    await (await fresh()).post('/v1/items', { url: video(5) })
    await trove.database.sql`
      update shared_contents set status = 'FAILED', error_message = 'gone' where external_id = 'video000005'`
    await settle(trove.database.sql)
    const { body } = await (await trove.register()).post('/v1/items', { url: video(5) })
    expect(body.content.status).toBe('PENDING')
    expect(body.job_id).toBeString()
  })

  test.each([
    'https://user@evil-youtube.com/watch?v=video000001',
    'http://router.local/',
    'ftp://youtube.com/watch?v=video000001',
    'not a link',
    '',
  ])('%p is refused by name of the field, with what would be right', async url => {
    const { status, body } = await (await fresh()).post('/v1/items', { url })
    expect(status).toBe(422)
    expect(body.detail).toBe('Invalid URL format or unsupported platform')
    expect(body.field_errors[0]).toMatchObject({
      loc: ['body', 'url'],
      msg: 'must be a link to a YouTube video, an Instagram post, or a public web page',
    })
  })

  test('a note loses its tags, and nothing that only looks like one', async () => {
    await fresh()
    const noteOf = async (n: number, raw_share_text: string) =>
      (await user.post('/v1/items', { url: video(n), raw_share_text })).body.save.raw_share_text
    const typed = [
      ...['I <3 tea and > coffee', 'Use Map<string, User> here', 'ask Ada <ada@example.com> about it'],
      ...[
        'if (a<b) swap; else c>d',
        'see <https://example.org/x>',
        '<!-- kept --> x',
        'a <= b, c => d',
        '<br',
      ],
    ]
    for (const [i, note] of typed.entries()) expect(await noteOf(600 + i, note)).toBe(note)
    expect(await noteOf(61, '<b>Watch</b> <img src=x onerror=y>tonight<SCRIPT >x</script>')).toBe(
      'Watch tonightx',
    )
  })

  test('an emoji is one character of a note', async () => {
    await fresh()
    const post = (raw_share_text: string) => user.post('/v1/items', { url: video(62), raw_share_text })
    expect((await post('😀'.repeat(501))).status).toBe(422)
    expect((await post('😀'.repeat(500))).status).toBe(201)
  })

  test('is written down by ids, without the link', async () => {
    await fresh()
    const saved = await user.post('/v1/items', { url: video(63) })
    const { body } = await user.get('/v1/audit?limit=1')
    expect(body.entries[0]).toMatchObject({
      action: 'save',
      details: { content_id: saved.body.content.id },
    })
  })

  test('a note is at most 500 characters, and holds no NUL', async () => {
    await fresh()
    for (const raw_share_text of ['x'.repeat(501), 'a\0b', '\ud800']) {
      const { status, body } = await user.post('/v1/items', { url: video(6), raw_share_text })
      expect(status).toBe(422)
      expect(body.field_errors[0].loc).toEqual(['body', 'raw_share_text'])
    }
  })
})

describe('a save and its job', () => {
  const counts = async () => {
    const [row] = await trove.database.sql`
      select (select count(*) from user_content_saves) as saves, (select count(*) from pgboss.job) as jobs`
    return row
  }

  test('are one transaction: a rollback after both leaves neither', async () => {
    await fresh()
    const before = await counts()
    // The commit fails: a deferred rule of the database's own is broken after all statements have run.
    await trove.database.sql.unsafe(`
      create or replace function refuse() returns trigger language plpgsql as $$ begin raise 'refused at commit'; end $$;
      create constraint trigger refuse_saves after insert on user_content_saves
        deferrable initially deferred for each row execute function refuse()`)
    const refused = await user.post('/v1/items', { url: video(7) })
    await trove.database.sql`drop trigger refuse_saves on user_content_saves`
    expect(refused.status).toBe(500)
    expect(refused.body.detail).toBe('An internal error occurred')
    expect(await counts()).toEqual(before)
    expect((await user.post('/v1/items', { url: video(7) })).status).toBe(201)
    expect(await counts()).toEqual({ saves: before!.saves + 1, jobs: before!.jobs + 1 })
  })
})

describe('listing', () => {
  test('shows READY items, newest first, and says whether there are more', async () => {
    await fresh()
    for (const n of [10, 11, 12]) {
      await user.post('/v1/items', { url: video(n) })
      await makeReady(`Video ${n}`, video(n))
    }
    await user.post('/v1/items', { url: video(13) })
    const first = await user.get('/v1/items?limit=2')
    expect(first.body.items.map((item: { content: { title: string } }) => item.content.title)).toEqual([
      'Video 12',
      'Video 11',
    ])
    expect(first.body).toMatchObject({ total: 3, limit: 2, offset: 0, has_more: true })
    const last = await user.get('/v1/items?limit=2&offset=2')
    expect(last.body).toMatchObject({ total: 3, has_more: false })
    expect((await user.get('/v1/items?status=PENDING')).body.total).toBe(1)
  })

  test('searches titles and notes with plain characters', async () => {
    await fresh()
    await user.post('/v1/items', { url: video(20), raw_share_text: 'for mother' })
    await makeReady('100% Cotton_Shirts', video(20))
    await user.post('/v1/items', { url: video(21) })
    await makeReady('Wool', video(21))
    const found = async (search: string) =>
      (await user.get(`/v1/items?search=${encodeURIComponent(search)}`)).body.total
    expect(await found('100%')).toBe(1)
    expect(await found('cotton_')).toBe(1)
    expect(await found('MOTHER')).toBe(1)
    expect(await found('%')).toBe(1)
    expect(await found("o'")).toBe(0)
  })

  test('sorts by what it names, and refuses other names', async () => {
    await fresh()
    for (const [n, title] of [
      [30, 'Beta'],
      [31, 'Alpha'],
    ] as const) {
      await user.post('/v1/items', { url: video(n) })
      await makeReady(title, video(n))
    }
    const { body } = await user.get('/v1/items?sort_by=title&sort_order=asc')
    expect(body.items.map((item: { content: { title: string } }) => item.content.title)).toEqual([
      'Alpha',
      'Beta',
    ])
    const refused = await user.get('/v1/items?sort_by=password_hash')
    expect(refused.status).toBe(422)
    expect(refused.body.field_errors[0].loc).toEqual(['query', 'sort_by'])
  })

  test.each([
    'limit=0',
    'limit=101',
    'limit=x',
    'offset=-1',
    'status=DONE',
    'category=Cars',
    'is_favorited=maybe',
  ])('%p is refused', async query => {
    const { status, body } = await (await fresh()).get(`/v1/items?${query}`)
    expect(status).toBe(422)
    expect(body.field_errors[0].loc).toEqual(['query', query.split('=')[0]!])
  })

  test('groups by category, the largest first, and puts what has none under Misc', async () => {
    await fresh()
    for (const [n, category] of [
      [40, 'Tech'],
      [41, 'Food & Drink'],
      [42, 'Food & Drink'],
      [43, null],
    ] as const) {
      await user.post('/v1/items', { url: video(n) })
      await makeReady(`Video ${n}`, video(n), category)
    }
    const { body } = await user.get('/v1/items/grouped?limit_per_category=1')
    expect(Object.keys(body.groups)).toEqual(['Food & Drink', 'Misc', 'Tech'])
    expect(body.groups['Food & Drink']).toMatchObject({ category: 'Food & Drink', count: 2 })
    expect(body.groups['Food & Drink'].items).toHaveLength(1)
    expect(body.total_items).toBe(4)
  })
})

describe('one item', () => {
  test('of another user is not found, like one that never was', async () => {
    const { body } = await (await fresh()).post('/v1/items', { url: video(50) })
    const other = await trove.register()
    for (const id of [body.save.id, crypto.randomUUID()]) {
      const answer = await other.get(`/v1/items/${id}`)
      expect(answer.status).toBe(404)
      expect(answer.body.detail).toBe('Save not found or does not belong to you')
    }
    expect((await other.get(`/v1/jobs/${body.job_id}`)).status).toBe(404)
    expect((await other.get('/v1/items/not-a-uuid')).status).toBe(422)
  })
})
