import { describe, expect, test } from 'bun:test'
import { type Found, makeMetadata } from '../../../src/ingestion/platforms/make-metadata.ts'
import { isoDurationSeconds } from '../../../src/ingestion/platforms/youtube/iso-duration.ts'

const make = (found: Omit<Found, 'metadata_source'>) =>
  makeMetadata({ ...found, metadata_source: 'youtube_page' })

describe('metadata is fit to store', () => {
  test('a title is one line, trimmed, without control characters and lone surrogates', () => {
    expect(make({ title: '  A\u0000 \n\t title\u0007 \ud800with 🐟 \udc00 ' }).title).toBe('A title with 🐟')
    expect(make({ title: ' \n\u0000 ' }).title).toBeNull()
  })

  test('text keeps its paragraphs and loses runs of spaces and empty lines', () => {
    expect(make({ description: ' one  two \r\n\r\n\r\n\r\n three\u0000\u0085 ' }).description).toBe(
      'one two\n\nthree',
    )
  })

  test('lengths are capped, and a cut never leaves half a character', () => {
    expect(make({ title: 'a'.repeat(600) }).title).toHaveLength(500)
    expect(make({ title: `${'a'.repeat(499)}🐟` }).title).toBe('a'.repeat(499))
    expect(make({ description: 'a'.repeat(11_000) }).description).toHaveLength(10_000)
    expect(make({ caption: 'a'.repeat(11_000) }).caption).toHaveLength(10_000)
  })

  test('tags are clean, different and at most fifty of a hundred characters', () => {
    expect(make({ tags: [' Tea ', 'tea', '', '  ', 'TEA', 'green\ntea'] }).tags).toEqual(['Tea', 'green tea'])
    expect(make({ tags: ['x'.repeat(150)] }).tags).toEqual(['x'.repeat(100)])
    expect(make({ tags: Array.from({ length: 80 }, (_, i) => `t${i}`) }).tags).toHaveLength(50)
  })

  test('only web addresses, real dates, positive lengths and language tags are kept', () => {
    const bad = make({
      thumbnail_url: 'javascript:alert(1)',
      published_at: 'yesterday',
      duration_seconds: 0,
      language: 'English!',
    })
    expect(bad).toMatchObject({
      thumbnail_url: null,
      published_at: null,
      duration_seconds: null,
      language: null,
    })
    expect(make({ duration_seconds: Number.NaN, published_at: '+275760-09-13T00:00:00Z' })).toMatchObject({
      duration_seconds: null,
      published_at: null,
    })
    const good = make({
      thumbnail_url: 'https://i.example/a.jpg',
      published_at: '2017-11-13T10:00:00+02:00',
      duration_seconds: 61.4,
      language: 'pt-BR',
    })
    expect(good).toMatchObject({
      thumbnail_url: 'https://i.example/a.jpg',
      published_at: '2017-11-13T08:00:00.000Z',
      duration_seconds: 61,
      language: 'pt-BR',
    })
  })

  test('quality says how much there is to understand it by', () => {
    const thumbnail_url = 'https://i.example/a.jpg'
    expect(make({ title: 'T', caption: 'C', author: 'A', thumbnail_url }).metadata_quality).toBe('full')
    expect(make({ title: 'T', description: 'D', author: 'A' }).metadata_quality).toBe('partial')
    expect(make({ title: 'T', tags: ['t'] }).metadata_quality).toBe('partial')
    expect(make({ title: 'T', author: 'A', thumbnail_url }).metadata_quality).toBe('minimal')
  })
})

describe('ISO 8601 durations', () => {
  const DURATIONS: [string, number | null][] = [
    ['PT15S', 15],
    ['PT4M', 240],
    ['PT1H2M3S', 3723],
    ['P1DT1H', 90_000],
    ['P2W', 1_209_600],
    ['PT1.6S', 2],
    ['PT1,4S', 1],
    ['P0D', 0],
    ['PT0S', 0],
    [' PT5M ', 300],
    ['P', null],
    ['PT', null],
    ['P1Y', null],
    ['P1M', null],
    ['5M', null],
    ['PT5', null],
    ['PT-5S', null],
    ['', null],
  ]
  test.each(DURATIONS)('%p is %p seconds', (text, seconds) => {
    expect(isoDurationSeconds(text)).toBe(seconds)
  })
})
