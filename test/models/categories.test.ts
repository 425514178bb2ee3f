import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { agreement, analysisInput, categoryOf, MOST_FREQUENT, readVideos } from '../../bench/categories.ts'
import { SUBCATEGORIES } from '../../src/models/local/categories.ts'
import { createLocalModels } from '../../src/models/local/local.ts'
import type { Analysis } from '../../src/models/models.ts'
import { CATEGORIES, type Category } from '../../src/vocabulary.ts'
import { allGood, inputOf } from './inputs.ts'

const FIXTURE = new URL('../support/fixtures/youtube-videos.jsonl', import.meta.url).pathname

const CLEAR: [title: string, category: Category, subcategory: string][] = [
  ['3 days in Bali: the perfect itinerary', 'Travel', 'Itineraries'],
  ['Hotel with a private pool and beach resort in Goa', 'Travel', 'Hotels'],
  ['Chicken biryani recipe, step by step', 'Food & Drink', 'Recipes'],
  ['Cozy coffee shop with the best brunch in town', 'Food & Drink', 'Cafes'],
  ['10 minute ab workout at home', 'Fitness', 'Workouts'],
  ['Morning yoga flow for beginners', 'Fitness', 'Yoga'],
  ['Resume tips that get you interviews', 'Career', 'Job Search'],
  ['How I raised money for my startup', 'Career', 'Entrepreneurship'],
  ['Huge summer clothing haul and try on', 'Shopping', 'Fashion'],
  ['My skincare routine for dry skin', 'Shopping', 'Beauty'],
  ['iPhone camera and battery review', 'Tech', 'Smartphones'],
  ['Build a web app with JavaScript and Python', 'Tech', 'Programming'],
  ['Dune Part Three | Official Trailer', 'Entertainment', 'Movie Trailers'],
  ['New single by the band: official music video', 'Entertainment', 'Music'],
  ['Physics explained: why is the sky blue?', 'Learning', 'Science'],
  ['Senators vote on the new law after the election', 'Misc', 'Politics'],
  ['48213 77120 99', 'Misc', ''],
]

const models = createLocalModels()
const found = new Map<string, Analysis>()
beforeAll(async () => {
  const analyses = allGood(await models.analyse(CLEAR.map(([title]) => inputOf(title))))
  for (const [index, [title]] of CLEAR.entries()) found.set(title, analyses[index]!)
}, 60_000)
afterAll(() => models.close())

describe('the category of a clear text', () => {
  test.each(CLEAR)('%s: %s, %s', (title, category, subcategory) => {
    const { category_high, subcategories } = found.get(title)!
    expect(category_high).toBe(category)
    if (subcategory) expect(subcategories).toContain(subcategory)
    else expect(subcategories).toEqual([])
  })

  test('has at most four subcategories, all of that category', () => {
    for (const { category_high, subcategories } of found.values()) {
      expect(subcategories.length).toBeLessThanOrEqual(4)
      const known = SUBCATEGORIES.filter(({ category }) => category === category_high)
      expect(known.map(({ label }) => label)).toEqual(expect.arrayContaining(subcategories))
    }
  })
})

test('every category has written examples, and every label is written once', () => {
  expect(new Set(SUBCATEGORIES.map(({ category }) => category))).toEqual(new Set(CATEGORIES))
  const labels = SUBCATEGORIES.map(({ label }) => label)
  expect(new Set(labels).size).toBe(labels.length)
})

test.skipIf(!existsSync(FIXTURE))(
  'on real videos the categories agree with their owners far better than one answer for all',
  async () => {
    // Half of them, for time's sake; the bench reads all.
    const videos = readVideos(FIXTURE).filter((_, index) => index % 2 === 0)
    const analyses = await models.analyse(videos.map(analysisInput))
    const local = agreement(videos, analyses.map(categoryOf))
    const constant = agreement(
      videos,
      videos.map(() => MOST_FREQUENT),
    )
    expect(local.accuracy).toBeGreaterThan(constant.accuracy)
    expect(local.macro_recall).toBeGreaterThan(constant.macro_recall + 0.3)
  },
  120_000,
)
