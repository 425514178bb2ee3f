import { describe, expect, test } from 'bun:test'
import { findBorrowed } from '../../src/models/openai/borrowed-words.ts'
import { FOUND_NOTHING, type Found } from '../../src/models/openai/read-answer.ts'

const contentOf = (title: string) => ({ line: JSON.stringify({ title }), picture: undefined, isNote: false })
const CALL = [
  'Ten nice pictures of bread at home',
  'Quarterly salary review of Ann Example',
  '最美的时光和最值得的电影',
  'Results from Dr. Weber on Tuesday',
].map(contentOf)
const NOTHING = CALL.map(() => undefined)

/** Whether the first of the call borrows, when this is said of it. */
const borrows = (said: Partial<Found>) =>
  findBorrowed(CALL, [{ ...FOUND_NOTHING, ...said }, ...NOTHING.slice(1)])[0]

describe('an answer about one content', () => {
  test.each<Partial<Found>>([
    { topic_main: 'pictures and a salary review of ann' },
    { topic_main: 'pictures, SALARY-review: of Ann' },
    { subcategories: ['Salary', 'Review', 'Of Ann'] },
    { visual_description: 'It says: results from Dr Weber.' },
    { visual_tags: ['quarterly', 'salary'] },
    { locations: ['Weber'] },
    { entities: ['Ann Example'] },
    { topic_main: '值得的电影' },
  ])('%j repeats another of the same call', said => {
    expect(borrows(said)).toBe(true)
  })

  test.each<Partial<Found>>([
    { topic_main: 'ten nice pictures of bread', entities: ['Bread'] },
    { topic_main: 'a loaf and its review', locations: ['Ghent'], subcategories: ['Baking'] },
    { visual_description: 'A loaf on a table.', visual_tags: ['loaf', 'table'] },
  ])('%j is its own', said => {
    expect(borrows(said)).toBe(false)
  })

  test('may say what both contents say', () => {
    const both = [contentOf('Sourdough bread at home'), contentOf('Sourdough bread at home, part 2')]
    const found = both.map(() => ({
      ...FOUND_NOTHING,
      topic_main: 'sourdough bread at home',
      entities: ['Sourdough'],
    }))
    expect(findBorrowed(both, found)).toEqual([false, false])
  })

  test('that stood alone has nobody to borrow from', () => {
    expect(findBorrowed([CALL[0]!], [{ ...FOUND_NOTHING, topic_main: 'quarterly salary review' }])).toEqual([
      false,
    ])
  })
})
