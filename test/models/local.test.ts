import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { startThread } from '../../src/ground/threads.ts'
import { EXAMPLES } from '../../src/models/local/classify.ts'
import { readExampleVectors } from '../../src/models/local/example-vectors.ts'
import { createLocalModels, type LocalThread } from '../../src/models/local/local.ts'
import { EMBEDDING_DIMENSIONS } from '../../src/vocabulary.ts'
import { allGood, inputOf } from './inputs.ts'

// Embedding the written examples takes seconds on a busy machine.
setDefaultTimeout(60_000)

const models = createLocalModels()
afterAll(() => models.close())

const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0)
const embed = async (texts: string[]) => allGood((await models.embed(texts)).vectors)

describe('local embeddings', () => {
  test('have unit length and 512 dimensions, also for blank, odd and very long texts', async () => {
    const texts = ['', ' \n', 'A cat', 'A cat 🙂 \ud800', 'word '.repeat(5000), '']
    const vectors = await embed(texts)
    expect(vectors).toHaveLength(texts.length)
    for (const vector of vectors) {
      expect(vector).toBeInstanceOf(Float32Array)
      expect(vector).toHaveLength(EMBEDDING_DIMENSIONS)
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5)
    }
  })

  test('are none for a text that the model has no pieces for, or a query that it has no words for', async () => {
    const texts = [
      '東京の美味しいラーメン屋',
      'МОСКВА ночью',
      'Απλή συνταγή',
      '서울 여행',
      'שלום עולם',
      '🙂',
      '\ud800',
    ]
    expect((await models.embed(texts)).vectors).toEqual(texts.map(() => null))
    const known = ['A cat', 'Ricetta della nonna', 'Apfelkuchen ohne Zucker', 'Docker 東京']
    expect((await models.embed(known)).vectors.map(vector => vector instanceof Float32Array)).toEqual(
      known.map(() => true),
    )
    const queries = ['xqzvw', 'blorptang', 'ラーメン', 'christmas', 'cats', 'sourdough bread']
    const { vectors } = await models.embed(queries, { are_queries: true })
    expect(vectors.map(vector => vector !== null)).toEqual([false, false, false, true, true, true])
  })

  test('are the same for the same text, alone or among others, and keep the order', async () => {
    const texts = Array.from(
      { length: 11 },
      (_, i) => `Text number ${i} about ${i % 2 ? 'cooking' : 'rockets'}`,
    )
    const [together, alone] = [await embed(texts), await embed([texts[9]!])]
    expect(cosine(together[9]!, alone[0]!)).toBeCloseTo(1, 5)
    expect(cosine(together[8]!, alone[0]!)).toBeLessThan(0.99)
  })

  test('are near for a paraphrase and far for something else', async () => {
    const [text, paraphrase, other] = await embed([
      'How to cook spaghetti at home',
      'Making pasta in your own kitchen',
      'The stock market fell sharply on Monday',
    ])
    expect(cosine(text!, paraphrase!)).toBeGreaterThan(cosine(text!, other!) + 0.25)
  })

  test('of the written examples are those that are kept beside them', async () => {
    const kept = readExampleVectors()
    const made = await embed(EXAMPLES)
    const nearness = made.map((vector, at) => cosine(vector, kept[at]!))
    expect(kept.length).toBe(EXAMPLES.length)
    expect(Math.min(...nearness)).toBeCloseTo(1, 4)
  })

  test('of nothing are nothing', async () => {
    expect(await models.embed([])).toEqual({ model: models.embeddingModel, vectors: [] })
    expect(await models.analyse([])).toEqual([])
  })
})

describe('the thread of the local models', () => {
  test('leaves the event loop free while it embeds', async () => {
    await models.embed(['warm'])
    let ticks = 0
    const timer = setInterval(() => ticks++, 1)
    await models.embed(
      Array.from({ length: 12 }, (_, i) => `A text that takes a while to embed, ${i} `.repeat(12)),
    )
    clearInterval(timer)
    expect(ticks).toBeGreaterThan(10)
  })

  test('lets another caller in between the pieces of a long call', async () => {
    const finished: string[] = []
    const long = models
      .embed(Array(24).fill('A long list of texts to embed'))
      .then(() => finished.push('long'))
    const short = models.embed(['A single text']).then(() => finished.push('short'))
    await Promise.all([long, short])
    expect(finished).toEqual(['short', 'long'])
  })

  test('is started anew by the next call after it died, idle or at work', async () => {
    const started: LocalThread[] = []
    const mortal = createLocalModels(() => {
      const thread: LocalThread = startThread(
        new URL('../../src/models/local/local-thread.ts', import.meta.url),
      )
      started.push(thread)
      return thread
    })
    expect(started).toHaveLength(0)
    await mortal.embed(['one'])
    await started[0]!.close()
    expect((await mortal.embed(['two'])).vectors).toHaveLength(1)
    const atWork = mortal.embed(Array(8).fill('three'))
    await started[1]!.close()
    expect((await atWork).vectors).toHaveLength(8)
    expect(started).toHaveLength(3)
    await mortal.close()
    await expect(mortal.embed(['four'])).rejects.toThrow('closed')
  })
})

describe('the local analyser', () => {
  test('says all that a content is about', async () => {
    const [analysis] = allGood(
      await models.analyse([
        inputOf('Best Cafes in Indiranagar, Bangalore ☕ | Foodie Trails', {
          author: 'Foodie Trails',
          tags: ['cafe', 'brunch', 'bangalore', 'Third Wave Coffee'],
        }),
      ]),
    )
    expect(analysis).toMatchObject({
      topic_main: 'Best Cafes in Indiranagar, Bangalore',
      category_high: 'Food & Drink',
      intent: 'visit',
      visual_description: null,
      visual_tags: [],
      analysis_source: 'local',
      analysis_model: models.embeddingModel,
      analysis_prompt: null,
      cost_usd: 0,
    })
    expect(analysis!.subcategories).toContain('Cafes')
    expect(analysis!.locations).toEqual(['Indiranagar', 'Bangalore'])
  })

  test('finds nothing in nothing', async () => {
    const [analysis] = await models.analyse([inputOf(' ', { caption: '', tags: [' '] })])
    expect(analysis).toMatchObject({
      topic_main: '',
      category_high: 'Misc',
      subcategories: [],
      intent: 'misc',
      locations: [],
      entities: [],
    })
  })
})
