import { describe, expect, test } from 'bun:test'
import type { AnalysisInput } from '../../src/models/analysis.ts'
import { topicOf } from '../../src/models/local/topic.ts'
import { inputOf } from './inputs.ts'

const topic = (title: string | null, rest: Partial<AnalysisInput> = {}) => topicOf(inputOf(title, rest))

describe('the topic', () => {
  test.each([
    ['Eggs Baked in Hash Browns | Gordon Ramsay', 'Gordon Ramsay', 'Eggs Baked in Hash Browns'],
    ['Toni Braxton - Deadwood (Audio)', 'ToniBraxtonVEVO', 'Toni Braxton – Deadwood'],
    ['Isle of Dogs Story | OFFICIAL TRAILER | 4K', 'Fox', 'Isle of Dogs Story'],
    ['SALTED EGG CRAB! Food in SINGAPORE', 'Dumpling', 'Salted Egg Crab! Food in Singapore'],
    ['KYLO REN REACTS to The Last Jedi Trailer', 'Auralnauts', 'Kylo Ren Reacts to The Last Jedi Trailer'],
    ['APPLE PARK: Late September Sunset Tour', 'M', 'Apple Park: Late September Sunset Tour'],
    ['🔥🔥 Street food tour of Old Delhi #food #delhi', 'Ranger', 'Street food tour of Old Delhi'],
    ['How NASA lands on Mars @nasa https://nasa.gov', 'Space', 'How NASA lands on Mars'],
    ['Ellen Takes Over a Grocery Store Part 1', 'TheEllenShow', 'Ellen Takes Over a Grocery Store'],
    ["'Playboy' Founder Hugh Hefner *Dead* at 91", 'ET', 'Playboy Founder Hugh Hefner Dead at 91'],
    ['#StreetFood #oldDelhi', '', 'Street Food old Delhi'],
  ])('of %p by %p is %p', (title, author, expected) => {
    expect(topic(title, { author })).toBe(expected)
  })

  test('is cut to eight words and ends on something', () => {
    const cut = topic('Sloane Stephens jokes that $3.7 million check inspires her to keep playing')
    expect(cut).toBe('Sloane Stephens jokes that $3.7 million check')
  })

  test('of a very short title says by whom, or what its tag adds', () => {
    expect(topic('My Response', { author: 'PewDiePie' })).toBe('My Response by PewDiePie')
    expect(topic('Havana', { tags: ['havana', 'live music'] })).toBe('Havana – Live Music')
  })

  test('comes from the caption, the description, the tags or the author when there is no title', () => {
    expect(topic(null, { caption: 'Sunset over the bay ☀️ #goa. We loved it!' })).toBe('Sunset over the bay')
    expect(topic('', { description: 'A walk in the old town. More below.' })).toBe('A walk in the old town')
    expect(topic('🔥', { tags: ['street food', 'delhi'] })).toBe('Street Food, Delhi')
    expect(topic(null, { author: 'The Food Ranger' })).toBe('The Food Ranger')
  })

  test('is empty only without any text', () => {
    expect(topic(null)).toBe('')
    for (const odd of ['!!!', '🔥', '(Official Video)', '[4K]', '#', '| |', '日本の料理', '...a']) {
      expect(topic(odd)).not.toBe('')
    }
  })
})
