// What the routes of saved items promise besides test/library: defaults, bounds, messages, filters.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Answer, startTrove, type Trove, type User } from '../support/app.ts'
import { usesRealPostgres } from '../support/database.ts'
import { settle } from '../support/settle.ts'

let trove: Trove
beforeAll(async () => {
  trove = await startTrove()
})
afterAll(() => trove.stop())

let next = 0
const link = () => `https://youtu.be/items${String(next++).padStart(6, '0')}`
const save = async (user: User, raw_share_text?: string) =>
  (await user.post('/v1/items', { url: link(), raw_share_text })).body
const patch = (user: User, id: string, body: object) =>
  user.send('PATCH', `/v1/items/${id}`, {
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
const titlesOf = ({ body }: Answer): (string | null)[] =>
  body.items.map((item: { content: { title: string | null } }) => item.content.title)

interface Fields {
  status?: string
  title?: string
  topic?: string
  category?: string | null
  note?: string
}
/** Saves a link and gives its content these fields, READY unless told otherwise. */
async function saveAs(user: User, { status = 'READY', title, topic, category, note }: Fields = {}) {
  const made = await save(user, note)
  await trove.database.sql`
    update shared_contents
    set status = ${status}, title = ${title ?? null}, topic_main = ${topic ?? null}, category_high = ${category ?? null}
    where id = ${made.content.id}`
  await settle(trove.database.sql)
  return made
}

describe('a save', () => {
  test.each([
    ['PENDING', 'Content is being processed.', true],
    ['PROCESSING', 'Content is being processed.', true],
    ['READY', 'Content already processed and ready to view!', false],
    ['FAILED', 'Content saved successfully. Processing has been queued.', true],
  ])('of content that is %s says: %s', async (status, message, hasJob) => {
    const [first, second] = [await trove.register(), await trove.register()]
    const url = link()
    const known = await first.post('/v1/items', { url })
    await trove.database
      .sql`update shared_contents set status = ${status} where id = ${known.body.content.id}`
    await settle(trove.database.sql)
    const { status: answered, body } = await second.post('/v1/items', { url })
    expect([answered, body.message, typeof body.job_id === 'string']).toEqual([201, message, hasJob])
    expect(body.content).toMatchObject({ id: known.body.content.id, save_count: 2 })
  })

  test('has the fields that it is promised to have', async () => {
    const { save: made, content } = await save(await trove.register())
    expect(Object.keys(made).sort()).toEqual([
      'created_at',
      'id',
      'is_archived',
      'is_favorited',
      'own_category',
      'own_title',
      'raw_share_text',
      'shared_content_id',
      'tags',
      'user_id',
    ])
    expect(Object.keys(content)).toEqual(
      expect.arrayContaining([
        ...[
          'id',
          'url',
          'source_platform',
          'status',
          'title',
          'caption',
          'thumbnail_url',
          'duration_seconds',
        ],
        ...[
          'category_high',
          'topic_main',
          'subcategories',
          'locations',
          'intent',
          'save_count',
          'created_at',
        ],
      ]),
    )
    expect(made).toMatchObject({ shared_content_id: content.id, is_favorited: false, raw_share_text: null })
  })

  test('takes a note of 500 characters, without its tags; of nothing but tags and blanks there is none', async () => {
    const user = await trove.register()
    expect((await save(user, 'x'.repeat(500))).save.raw_share_text).toBe('x'.repeat(500))
    const script = '<script src="x">bad</script>  <img src=x onerror=y>& fine '
    expect((await save(user, script)).save.raw_share_text).toBe('bad  & fine')
    expect((await save(user, ' <br> ')).save.raw_share_text).toBeNull()
    const refused = await user.post('/v1/items', { url: link(), raw_share_text: 'x'.repeat(501) })
    expect([refused.status, refused.body.field_errors[0].loc]).toEqual([422, ['body', 'raw_share_text']])
  })

  test('made again after its removal is the one of before, and is counted once', async () => {
    const [user, other] = [await trove.register(), await trove.register()]
    const url = link()
    const first = (await user.post('/v1/items', { url })).body
    await other.post('/v1/items', { url })
    await user.send('DELETE', `/v1/items/${first.save.id}`)
    const again = (await user.post('/v1/items', { url })).body
    expect(again.save.id).toBe(first.save.id)
    expect(again.content).toMatchObject({ id: first.content.id, save_count: 2 })
  })
})

describe('the list', () => {
  test('shows READY items alone by default, and each other status by name', async () => {
    const user = await trove.register()
    for (const status of ['PENDING', 'PROCESSING', 'READY', 'FAILED']) {
      await saveAs(user, { status, title: status })
    }
    expect(titlesOf(await user.get('/v1/items'))).toEqual(['READY'])
    for (const status of ['PENDING', 'PROCESSING', 'READY', 'FAILED']) {
      const answer = await user.get(`/v1/items?status=${status}`)
      expect([titlesOf(answer), answer.body.total]).toEqual([[status], 1])
    }
  })

  test('leaves archived ones out, shows them alone, or both, as is_archived says', async () => {
    const user = await trove.register()
    const made = await saveAs(user, { title: 'old' })
    await saveAs(user, { title: 'new' })
    await patch(user, made.save.id, { is_archived: true })
    for (const query of ['', '?is_archived=false']) {
      const answer = await user.get(`/v1/items${query}`)
      expect([titlesOf(answer), answer.body.total]).toEqual([['new'], 1])
    }
    const alone = await user.get('/v1/items?is_archived=true')
    expect([titlesOf(alone), alone.body.total]).toEqual([['old'], 1])
    const all = await user.get('/v1/items?is_archived=all')
    expect([titlesOf(all), all.body.total]).toEqual([['new', 'old'], 2])
    expect(titlesOf(await user.get('/v1/items?search=old'))).toEqual([])
    expect(titlesOf(await user.get('/v1/items?search=old&is_archived=true'))).toEqual(['old'])
    expect(titlesOf(await user.get('/v1/items?search=old&is_archived=all'))).toEqual(['old'])
    expect((await user.get('/v1/items?is_archived=yes')).status).toBe(422)
  })

  test('filters by favourite, by category, and by both', async () => {
    const user = await trove.register()
    const loved = await saveAs(user, { title: 'a', category: 'Food & Drink' })
    await saveAs(user, { title: 'b', category: 'Food & Drink' })
    await saveAs(user, { title: 'c', category: 'Tech' })
    await patch(user, loved.save.id, { is_favorited: true })
    const food = 'category=Food+%26+Drink'
    for (const [query, expected] of [
      ['', ['c', 'b', 'a']],
      ['is_favorited=true', ['a']],
      ['is_favorited=false', ['c', 'b']],
      [food, ['b', 'a']],
      [`${food}&is_favorited=true`, ['a']],
      ['category=Tech&is_favorited=true', []],
    ] as const) {
      const answer = await user.get(`/v1/items?${query}`)
      expect([query, titlesOf(answer), answer.body.total]).toEqual([query, [...expected], expected.length])
    }
  })

  test('is searched in title, topic and note, whatever the case, in one’s own alone', async () => {
    const [user, other] = [await trove.register(), await trove.register()]
    await saveAs(user, { title: 'Paella in Valencia' })
    await saveAs(user, { title: 'two', topic: 'Cooking PAELLA' })
    await saveAs(user, { title: 'three', note: 'the paella place' })
    await saveAs(user, { title: 'four' })
    await saveAs(other, { title: 'Paella of others', note: 'paella' })
    const answer = await user.get('/v1/items?search=paElla')
    expect([titlesOf(answer), answer.body.total]).toEqual([['three', 'two', 'Paella in Valencia'], 3])
  })

  describe('takes in a search as it stands', () => {
    let user: User
    beforeAll(async () => {
      user = await trove.register()
      for (const title of ['100% wool', 'snake_case', 'back\\slash', "O'Brien", 'snakecase']) {
        await saveAs(user, { title })
      }
    })

    test.each([
      ['%', ['100% wool']],
      ['0%', ['100% wool']],
      ['_', ['snake_case']],
      ['e_c', ['snake_case']],
      ['0%_w', []],
      ['\\', ['back\\slash']],
      ['k\\s', ['back\\slash']],
      ["o'b", ["O'Brien"]],
      ['"', []],
    ])('%p', async (search, expected) => {
      expect(titlesOf(await user.get(`/v1/items?search=${encodeURIComponent(search)}`))).toEqual([
        ...expected,
      ])
    })
  })

  test('is newest first by default, and sorts by what it names in both orders', async () => {
    const user = await trove.register()
    const made = []
    for (const title of ['b', 'c', 'a']) made.push(await saveAs(user, { title }))
    await patch(user, made[0].save.id, { is_favorited: true })
    for (const [query, expected] of [
      ['', ['a', 'c', 'b']],
      ['sort_order=asc', ['b', 'c', 'a']],
      ['sort_by=title', ['c', 'b', 'a']],
      ['sort_by=updated_at', ['b', 'a', 'c']],
    ] as const) {
      expect([query, titlesOf(await user.get(`/v1/items?${query}`))]).toEqual([query, [...expected]])
    }
    for (const query of ['sort_order=up', 'sort_by=id', 'sort_by=']) {
      expect([query, (await user.get(`/v1/items?${query}`)).status]).toEqual([query, 422])
    }
  })
})

describe('the groups', () => {
  test('hold ten each unless told otherwise, newest first, and at most fifty', async () => {
    const user = await trove.register()
    for (let i = 0; i < 12; i++) await saveAs(user, { title: String(i), category: 'Tech' })
    const { body } = await user.get('/v1/items/grouped')
    expect(body.groups.Tech).toMatchObject({ category: 'Tech', count: 12 })
    expect(titlesOf({ body: body.groups.Tech } as Answer)).toEqual(
      Array.from({ length: 10 }, (_, i) => String(11 - i)),
    )
    expect(body.total_items).toBe(12)
    for (const [limit, expected] of [
      ['0', 422],
      ['1', 200],
      ['50', 200],
      ['51', 422],
    ] as const) {
      const { status } = await user.get(`/v1/items/grouped?limit_per_category=${limit}`)
      expect([limit, status]).toEqual([limit, expected])
    }
  })

  test('are of READY items unless another status is named', async () => {
    const user = await trove.register()
    await saveAs(user, { title: 'done', category: 'Tech' })
    await saveAs(user, { status: 'FAILED', title: 'gone', category: 'Travel' })
    expect(Object.keys((await user.get('/v1/items/grouped')).body.groups)).toEqual(['Tech'])
    expect(Object.keys((await user.get('/v1/items/grouped?status=FAILED')).body.groups)).toEqual(['Travel'])
    expect((await user.get('/v1/items/grouped?status=DONE')).status).toBe(422)
  })

  test('named Misc hold what is Misc and what has no category', async () => {
    const user = await trove.register()
    await saveAs(user, { title: 'none' })
    await saveAs(user, { title: 'misc', category: 'Misc' })
    const { body } = await user.get('/v1/items/grouped')
    expect(body.groups.Misc.count).toBe(2)
    expect(titlesOf(await user.get('/v1/items?category=Misc'))).toEqual(['misc', 'none'])
  })
})

describe('one item', () => {
  test('shows all of its content, its cluster, and notes when it was looked at', async () => {
    const user = await trove.register()
    const { save: made } = await saveAs(user, { title: 'one' })
    const first = await user.get(`/v1/items/${made.id}`)
    expect(Object.keys(first.body).sort()).toEqual(['cluster', 'content', 'save', 'similar_items'])
    expect(first.body).toMatchObject({ save: { last_viewed_at: null }, cluster: null, similar_items: null })
    expect(Object.keys(first.body.content)).toEqual(
      expect.arrayContaining([
        ...['description', 'content_text', 'entities', 'intent', 'visual_description', 'visual_tags'],
        'updated_at',
      ]),
    )
    let viewed: string | null = null
    while (viewed === null) {
      viewed = (await user.get(`/v1/items/${made.id}`)).body.save.last_viewed_at
    }
    expect(Math.abs(Date.parse(viewed) - Date.now())).toBeLessThan(60_000)
  })

  test('takes a similar_limit from 1 to 20', async () => {
    const user = await trove.register()
    const { save: made } = await saveAs(user)
    for (const [query, expected] of [
      ['similar_limit=0', 422],
      ['similar_limit=1', 200],
      ['similar_limit=20', 200],
      ['similar_limit=21', 422],
      ['include_similar=yes', 422],
    ] as const) {
      const { status } = await user.get(`/v1/items/${made.id}?${query}`)
      expect([query, status]).toEqual([query, expected])
    }
  })

  // The embedded database has one session: nothing in it may wait for another.
  test.skipIf(!usesRealPostgres)('is answered while its view cannot be noted yet', async () => {
    const user = await trove.register()
    const { save: made } = await saveAs(user)
    const status = await trove.database.sql.begin(async tx => {
      await tx`select from user_content_saves where user_id = ${user.id} and id = ${made.id} for update`
      return (await user.get(`/v1/items/${made.id}`)).status
    })
    expect(status).toBe(200)
  })
})

describe('similar items', () => {
  /** A unit vector whose cosine to that of 1 is `cosine`. */
  const vector = (cosine: number) =>
    `[${[cosine, Math.sqrt(1 - cosine * cosine), ...Array(510).fill(0)].join(',')}]`
  const embed = (contentId: string, cosine: number, model = trove.context.models.embeddingModel) =>
    trove.database.sql`
      insert into content_embeddings (content_id, model, embedding)
      values (${contentId}, ${model}, ${vector(cosine)}::vector)`

  test('are those of the same model, by cosine, best first, saved or not, ten by default', async () => {
    const [user, other] = [await trove.register(), await trove.register()]
    const own = await saveAs(user, { title: 'own' })
    await embed(own.content.id, 1)
    const near = await saveAs(user, { title: 'near' })
    await embed(near.content.id, 0.5)
    const theirs = await saveAs(other, { title: 'theirs', note: 'their secret' })
    await embed(theirs.content.id, 0.75)
    const foreign = await saveAs(user, { title: 'of another model' })
    await embed(foreign.content.id, 0.99, 'another-model')
    const unread = await saveAs(user, { title: 'failed', status: 'FAILED' })
    await embed(unread.content.id, 0.98)
    const ask = (limit = '') => user.get(`/v1/items/${own.save.id}?include_similar=true${limit}`)
    const { body } = await ask()
    const brief = body.similar_items.map(
      (it: {
        content: { title: string }
        save_id: string
        already_saved: boolean
        similarity_score: number
      }) => [it.content.title, it.save_id, it.already_saved, Math.round(it.similarity_score * 1000) / 1000],
    )
    expect(brief).toEqual([
      ['theirs', null, false, 0.75],
      ['near', near.save.id, true, 0.5],
    ])
    expect(JSON.stringify(body)).not.toContain('their secret')
    for (let i = 0; i < 20; i++) await embed((await saveAs(other)).content.id, 0.25)
    const counts = []
    for (const limit of ['', '&similar_limit=1', '&similar_limit=20']) {
      counts.push((await ask(limit)).body.similar_items.length)
    }
    expect(counts).toEqual([10, 1, 20])
  })
})

describe('a batch', () => {
  test('of a hundred is taken, and each bad link has its own sentence', async () => {
    const user = await trove.register()
    const items = Array.from({ length: 100 }, (_, i) => ({ url: `no link ${i}` }))
    const { status, body } = await user.post('/v1/items/batch', { items })
    expect(status).toBe(200)
    expect(body.results).toEqual(
      items.map(({ url }) => ({
        url,
        status: 'invalid',
        detail: 'Invalid URL format or unsupported platform',
      })),
    )
  })

  test('holds a note to 500 characters', async () => {
    const user = await trove.register()
    const items = [{ url: link(), raw_share_text: 'x'.repeat(501) }]
    expect((await user.post('/v1/items/batch', { items })).status).toBe(422)
  })
})
