import { describe, expect, test } from 'bun:test'
import {
  readCaption,
  titleFromCaption,
} from '../../../src/ingestion/platforms/instagram/instagram-caption.ts'

describe('what Instagram packs into two sentences', () => {
  test('is taken apart into caption, account and day', () => {
    const caption = 'Best "flat white" in town.\nGo early - really.'
    expect(
      readCaption(
        `Rosa Alves on Instagram: "${caption}"`,
        `1,204 likes, 33 comments - casa.da.rosa on January 1, 2024: "${caption}". `,
      ),
    ).toEqual({ caption, author: 'casa.da.rosa', published_at: '2024-01-01T00:00:00.000Z' })
  })

  test('large counts, hidden counts and captions without quotes are read as well', () => {
    expect(readCaption('', '160K likes - nasa on July 30, 2024: "The Moon"')).toMatchObject({
      caption: 'The Moon',
      author: 'nasa',
    })
    expect(readCaption('', 'nasa on July 30, 2024: The Moon')).toMatchObject({
      caption: 'The Moon',
      author: 'nasa',
    })
  })

  test('the longer of two captions wins, since either may be cut short', () => {
    const read = readCaption(
      'A on Instagram: "Short but whole, you see"',
      '1 likes, 0 comments - a on May 2, 2024: "Short"',
    )
    expect(read.caption).toBe('Short but whole, you see')
  })

  test('a post without a caption still has its author', () => {
    expect(readCaption('Rosa Alves (@rosa) on Instagram', '')).toEqual({
      caption: null,
      author: 'rosa',
      published_at: null,
    })
    expect(readCaption('Rosa Alves on Instagram: ""', '').caption).toBeNull()
  })

  test('a login page is no post', () => {
    for (const title of ['Instagram', 'Login • Instagram', '']) {
      const read = readCaption(title, 'Create an account or log in to Instagram - share what you love')
      expect(read).toEqual({ caption: null, author: null, published_at: null })
    }
  })
})

describe('a title from a caption', () => {
  test('is its first sentence or line', () => {
    expect(titleFromCaption('Best flat white in Lisbon. Go early.')).toBe('Best flat white in Lisbon.')
    expect(titleFromCaption('Sunday brunch\nshakshuka')).toBe('Sunday brunch')
    expect(titleFromCaption('.\n☕️\n  Cardamom   buns ')).toBe('Cardamom buns')
  })

  test('is not an exclamation alone', () => {
    expect(titleFromCaption('Wow! The best bakery in Berlin. Truly.')).toBe('Wow! The best bakery in Berlin.')
  })

  test('is at most 100 characters, cut between words', () => {
    const title = titleFromCaption('word '.repeat(60))!
    expect(title.length).toBeLessThanOrEqual(100)
    expect(title).toEndWith('word…')
    expect(titleFromCaption('x'.repeat(300))).toBe(`${'x'.repeat(99)}…`)
  })

  test('is null when there is nothing to read', () => {
    expect(titleFromCaption('🔥🔥\n...')).toBeNull()
    expect(titleFromCaption('')).toBeNull()
  })

  test('comes at once from a caption made to be slow to search', () => {
    expect(titleFromCaption(`a${'!'.repeat(300_000)}b`)).toBe(`a${'!'.repeat(98)}…`)
  })
})
