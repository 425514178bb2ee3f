import { expect, test } from 'bun:test'
import { intentOf } from '../../src/models/local/intent.ts'
import type { Category, Intent } from '../../src/vocabulary.ts'
import { inputOf } from './inputs.ts'

const CASES: [title: string, category: Category, intent: Intent][] = [
  ['Sunset over the bay', 'Travel', 'visit'],
  ['Travel packing tips explained', 'Travel', 'learn'],
  ['Cozy cafe in the old town', 'Food & Drink', 'visit'],
  ['Banana bread', 'Food & Drink', 'try'],
  ['iPhone unboxing and price', 'Tech', 'buy'],
  ['How computers work', 'Tech', 'learn'],
  ['Official trailer', 'Entertainment', 'watch'],
  ['Summer dresses', 'Shopping', 'buy'],
  ['DIY shelf', 'Misc', 'try'],
  ['A meeting of two ministers', 'Misc', 'misc'],
]

test.each(CASES)('%s (%s): %s', (title, category, intent) => {
  expect(intentOf(inputOf(title), category)).toBe(intent)
})
