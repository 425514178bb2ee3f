import { describe, expect, test } from 'bun:test'
import { readPageTags } from '../../../src/ingestion/platforms/pages/page-tags.ts'

describe('page tags', () => {
  test('are read by property, name or itemprop, with entities decoded', () => {
    const tags =
      readPageTags(`<!doctype html><html><head><title> Fish &amp; Chips &#8212; a &quot;classic&quot; </title>
      <META PROPERTY="og:title" CONTENT="Fish &amp; Chips &#x1F41F;"><meta name=keywords content='a, b'>
      <meta itemprop="duration" content="PT3M"><link itemprop="name" content="Chef Ana">`)
    expect(tags.title).toBe('Fish & Chips — a "classic"')
    expect(tags.first('og:title')).toBe('Fish & Chips 🐟')
    expect(tags.first('keywords')).toBe('a, b')
    expect(tags.first('duration')).toBe('PT3M')
    expect(tags.first('link:name')).toBe('Chef Ana')
  })

  test('give the first that has content, and all of a name', () => {
    const tags = readPageTags(
      '<meta property="og:title" content="  "><meta name="twitter:title" content="T"><meta property="og:video:tag" content="a"><meta property="og:video:tag" content="b">',
    )
    expect(tags.first('og:title', 'twitter:title')).toBe('T')
    expect(tags.all('og:video:tag')).toEqual(['a', 'b'])
    expect(tags.first('og:image')).toBeNull()
    expect(tags.title).toBeNull()
  })

  test('are not read out of scripts and comments', () => {
    const tags = readPageTags(
      `<!-- <meta property="og:title" content="comment"> --><script>var x = '<meta property="og:title" content="script"><title>no</title>'</script>`,
    )
    expect(tags.first('og:title')).toBeNull()
    expect(tags.title).toBeNull()
  })

  test('a picture’s own title does not replace the page’s', () => {
    expect(readPageTags('<title>Page</title><svg><title>Icon</title></svg>').title).toBe('Page')
  })

  test('JSON-LD is found alone, in a list and in a graph; broken JSON-LD is passed over', () => {
    const script = (body: string) => `<script type="application/ld+json">${body}</script>`
    const tags = readPageTags(
      script('{"@type":"VideoObject","name":"one"}') +
        script('{"@type":') +
        script('[{"@type":["Thing","VideoObject"],"name":"two"},"text",null]') +
        script('{"@graph":[{"@type":"VideoObject","name":"three"},{"@type":"Person"}]}') +
        '<script>{"@type":"VideoObject","name":"not linked data"}</script>',
    )
    expect(tags.linkedData('VideoObject').map(object => object.name)).toEqual(['one', 'two', 'three'])
  })

  test('broken and cut-off HTML gives what could be read', () => {
    const tags = readPageTags(
      '<meta property="og:title" content="kept"><p><b><meta property="og:image" content="cut of',
    )
    expect(tags.first('og:title')).toBe('kept')
    expect(readPageTags('').first('og:title')).toBeNull()
  })
})
