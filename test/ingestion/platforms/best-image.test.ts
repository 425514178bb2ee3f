import { describe, expect, test } from 'bun:test'
import { readPageTags } from '../../../src/ingestion/platforms/pages/page-tags.ts'
import { bestImage, largestImage } from '../../../src/ingestion/platforms/web/best-image.ts'
import { foundInTags } from '../../../src/ingestion/platforms/web/web-page.ts'

type Sized = [url: string, width?: number, height?: number]
const images = (sized: Sized[]) => sized.map(([url, width, height]) => ({ url, width, height }))

describe('the picture of a page', () => {
  const LISTS: [string, Sized[]][] = [
    ['the first, when no size is told', [['cover'], ['other']]],
    ['the first without a size, though a small one has its own', [['cover'], ['whatsapp', 200, 200]]],
    [
      'the first, when it is large enough',
      [
        ['cover', 1200, 630],
        ['larger', 2400, 1600],
      ],
    ],
    [
      'not a strip',
      [
        ['cover', 1200, 630],
        ['tall', 1000, 5000],
      ],
    ],
    [
      'not a strip, though it comes first',
      [
        ['banner', 2000, 100],
        ['cover', 800, 450],
      ],
    ],
    [
      'the largest, when the first is small',
      [
        ['icon', 64, 64],
        ['small', 300, 200],
        ['cover', 1600, 900],
      ],
    ],
    ['one whose size is not told, rather than an icon', [['icon', 64, 64], ['cover'], ['logo', 120, 60]]],
    [
      'the largest, rather than one whose size is not told',
      [['small', 300, 200], ['unknown'], ['cover', 800, 600]],
    ],
    ['the only one', [['cover', 10, 10]]],
    [
      'of a width alone',
      [
        ['cover', 1200],
        ['small', 100],
      ],
    ],
  ]
  test.each(LISTS)('is %s', (_, sized) => {
    expect(bestImage(images(sized))).toBe('cover')
  })

  test('is none of none; the largest is the one with the most pixels', () => {
    expect(bestImage([])).toBeUndefined()
    expect(largestImage(images([['a', 640, 480], ['b', 1280, 720], ['c']]))?.url).toBe('b')
  })
})

describe('on a page', () => {
  const address = 'https://example.org/a/b'
  const og = (url: string, width = '', height = '') =>
    `<meta property="og:image" content="${url}"><meta property="og:image:width" content="${width}"><meta property="og:image:height" content="${height}">`
  const found = (head: string) => foundInTags(readPageTags(head), address).thumbnail_url

  test('sizes may have a unit', () => {
    expect(found(og('/cover.jpg', '1200px', ' 630px') + og('/small.jpg', '100', '100'))).toEndWith(
      '/cover.jpg',
    )
  })

  test('a small picture in JSON-LD does not displace the cover', () => {
    const linked = { '@type': 'NewsArticle', image: { url: '/thumb.jpg', width: 60, height: 60 } }
    const script = `<script type="application/ld+json">${JSON.stringify(linked)}</script>`
    expect(found(og('/cover.jpg') + script)).toEndWith('/cover.jpg')
  })

  test('addresses are relative to its base, and drawings are none', () => {
    expect(found(`<base href="/assets/"><base href="/no/">${og('cover.jpg')}`)).toBe(
      'https://example.org/assets/cover.jpg',
    )
    expect(found(`<base href="https://cdn.example.org/x/">${og('cover.jpg')}`)).toBe(
      'https://cdn.example.org/x/cover.jpg',
    )
    expect(found(`<base href="http://[">${og('cover.jpg')}`)).toBe('https://example.org/a/cover.jpg')
    expect(found(og('/logo.svg') + og('/cover.jpg'))).toEndWith('/cover.jpg')
    expect(found(og('/logo.svg?v=2'))).toBeNull()
    expect(found(`${og('/logo')}<meta property="og:image:type" content="image/svg+xml">`)).toBeNull()
  })
})
