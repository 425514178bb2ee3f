import { expect, test } from 'bun:test'
import { embeddingText, firstSentences } from '../../src/models/embedding-text.ts'

const analysis = {
  topic_main: 'Cozy brunch place',
  category_high: 'Food & Drink',
  subcategories: ['Cafes'],
  analysis_source: 'openai',
} as const
const input = {
  title: 'Hidden Cafe Gem',
  caption: null,
  description: 'A lovely spot. Open daily.',
  tags: ['brunch', 'coffee'],
  author: 'Foodie',
  transcript: null,
}

test('what matters first comes first', () => {
  expect(embeddingText(input, { ...analysis, subcategories: ['Cafes'] })).toBe(
    'Hidden Cafe Gem. Cozy brunch place. brunch, coffee. Food & Drink, Cafes. A lovely spot. Open daily.',
  )
})

test('subcategories that are guessed from the vector are not part of it', () => {
  expect(embeddingText(input, { ...analysis, subcategories: ['Cafes'], analysis_source: 'local' })).toBe(
    'Hidden Cafe Gem. Cozy brunch place. brunch, coffee. Food & Drink. A lovely spot. Open daily.',
  )
})

test('a topic that only repeats the title, Misc, and what is missing take no room', () => {
  const plain = { topic_main: 'Cafe gem', category_high: 'Misc', analysis_source: 'openai' } as const
  expect(embeddingText({ ...input, tags: [], description: null }, { ...plain, subcategories: [] })).toBe(
    'Hidden Cafe Gem',
  )
})

test('a long text gives its first whole sentences, or a cut at a word', () => {
  expect(firstSentences(`First one. Second! ${'and so on '.repeat(60)}`)).toBe('First one. Second!')
  const cut = firstSentences('word '.repeat(200))
  expect(cut.length).toBeLessThanOrEqual(300)
  expect(cut.endsWith('word')).toBe(true)
})

test('what is said, or the text of a page, comes last', () => {
  const spoken = { ...input, tags: [], transcript: 'Welcome to the cafe. Today we brew.' }
  expect(embeddingText(spoken, { ...analysis, subcategories: [] })).toBe(
    'Hidden Cafe Gem. Cozy brunch place. Food & Drink. A lovely spot. Open daily.. Welcome to the cafe. Today we brew.',
  )
})
