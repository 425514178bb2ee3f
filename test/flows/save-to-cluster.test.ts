import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Simulator, startPlatformSimulator } from '../simulators/platforms.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'

const VIDEOS = 40

let simulator: Simulator
let trove: Trove
let user: User
beforeAll(async () => {
  simulator = await startPlatformSimulator()
  trove = await startTrove(simulator.env)
  user = await trove.register()
})
afterAll(async () => {
  await trove.stop()
  await simulator.close()
})

const watch = (id: string) => `https://www.youtube.com/watch?v=${id}`

describe('what is saved', () => {
  test('becomes READY with what the platform says and what the model understands', async () => {
    const chosen = simulator.videos.slice(0, VIDEOS)
    for (const { video_id } of chosen) await user.post('/v1/items', { url: watch(video_id) })
    await trove.work()
    await trove.untilItems(user, VIDEOS)

    const { body } = await user.get(`/v1/items?limit=${VIDEOS}`)
    const titles = body.items.map((item: { content: { title: string } }) => item.content.title).sort()
    expect(titles).toEqual(chosen.map(({ title }) => title.replace(/\s+/g, ' ').trim()).sort())
    for (const { content } of body.items) {
      expect(content).toMatchObject({ status: 'READY', source_platform: 'youtube' })
      expect(content.category_high).toBeString()
      expect(content.topic_main.length).toBeGreaterThan(0)
      expect(content.thumbnail_url).toStartWith('http')
      expect(content.duration_seconds).toBeGreaterThan(0)
    }
  })

  test('cost one call to the platform for up to fifty', () => {
    const calls = simulator.requests.filter(({ source }) => source === 'youtube_data_api')
    expect(calls.reduce((sum, { count }) => sum + count, 0)).toBe(VIDEOS)
    expect(calls.length).toBeLessThanOrEqual(2)
  })

  test('shows what is like it, best first, never itself', async () => {
    const { body: list } = await user.get('/v1/items?limit=1')
    const { save } = list.items[0]
    const { status, body } = await user.get(`/v1/items/${save.id}?include_similar=true&similar_limit=5`)
    expect(status).toBe(200)
    expect(body.similar_items).toHaveLength(5)
    const scores = body.similar_items.map((item: { similarity_score: number }) => item.similarity_score)
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
    for (const item of body.similar_items) {
      expect(item.content.id).not.toBe(body.content.id)
      expect(item.already_saved).toBe(true)
    }
    expect((await user.get(`/v1/items/${save.id}`)).body.similar_items).toBeNull()
  })

  test('is recommended to others as a public fact, without the note or the save', async () => {
    const other = await trove.register()
    const { body: saved } = await other.post('/v1/items', { url: watch(simulator.videos[0]!.video_id) })
    expect(saved.message).toBe('Content already processed and ready to view!')
    const { body } = await other.get(`/v1/items/${saved.save.id}?include_similar=true`)
    expect(body.similar_items).toHaveLength(10)
    for (const item of body.similar_items) expect(item).toMatchObject({ save_id: null, already_saved: false })
  })

  test('is grouped into clusters that keep their ids when nothing has changed', async () => {
    const rebuild = async () => {
      const { status, body } = await user.post('/v1/clusters/rebuild')
      expect(status).toBe(202)
      for (;;) {
        const job = await user.get(`/v1/jobs/${body.job_id}`)
        if (job.body.stage === 'done') break
        await new Promise(resolve => setTimeout(resolve, 50))
      }
      return (await user.get('/v1/clusters?sort_by=label&sort_order=asc')).body
    }
    const first = await rebuild()
    expect(first.total).toBeGreaterThanOrEqual(2)
    for (const cluster of first.clusters) {
      expect(cluster.label).toMatch(/\p{L}{2}/u)
      expect(cluster.sample_items.length).toBeGreaterThanOrEqual(1)
      expect(cluster.keywords.length).toBeGreaterThan(0)
    }
    expect(await rebuild()).toEqual(first)
  })

  test('can be read cluster by cluster', async () => {
    const { body: list } = await user.get('/v1/clusters?sort_by=item_count')
    const [largest] = list.clusters
    const { body } = await user.get(`/v1/clusters/${largest.id}?limit=2`)
    expect(body.cluster).toMatchObject({ id: largest.id, user_id: user.id, label: largest.label })
    expect(body.items).toHaveLength(2)
    expect(body.total_items).toBe(largest.item_count)
    expect(body.has_more).toBe(largest.item_count > 2)
    const item = await user.get(`/v1/items/${body.items[0].save.id}`)
    expect(item.body.cluster).toMatchObject({ id: largest.id, label: largest.label })
    const other = await trove.register()
    expect(await other.get(`/v1/clusters/${largest.id}`)).toMatchObject({
      status: 404,
      body: { detail: 'Cluster not found or does not belong to you' },
    })
  })
})

describe('what can’t be read', () => {
  test('is FAILED with a reason that a person understands', async () => {
    const reader = await trove.register()
    await reader.post('/v1/items', { url: watch('nosuchvideo') })
    await trove.untilItems(reader, 1, 'FAILED')
    const { body: list } = await reader.get('/v1/items?status=FAILED')
    const { body } = await reader.get(`/v1/items/${list.items[0].save.id}`)
    expect(body.content.error_message).toBe('The video does not exist or is private.')
  })

  test('and one bad link does not hold up the rest', async () => {
    const reader = await trove.register()
    const [good] = simulator.videos.slice(VIDEOS)
    await Promise.all(
      ['nosuchvide1', good!.video_id, 'nosuchvide2'].map(id => reader.post('/v1/items', { url: watch(id) })),
    )
    await trove.untilItems(reader, 1)
    await trove.untilItems(reader, 2, 'FAILED')
  })
})

describe('an Instagram post', () => {
  test('becomes READY from its page, known by its shortcode alone', async () => {
    const reader = await trove.register()
    const [post] = simulator.posts
    await reader.post('/v1/items', { url: `https://www.instagram.com/reel/${post!.shortcode}/?igsh=x` })
    const again = await reader.post('/v1/items', { url: `https://instagram.com/p/${post!.shortcode}` })
    expect(again.body.detail).toBe('You have already saved this content')
    await trove.untilItems(reader, 1)
    const { body } = await reader.get('/v1/items')
    expect(body.items[0].content).toMatchObject({ source_platform: 'instagram', author: post!.username })
    expect(body.items[0].content.caption).toContain(post!.caption.slice(0, 20))
  })
})
