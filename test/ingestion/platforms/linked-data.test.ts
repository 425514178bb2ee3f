import { describe, expect, test } from 'bun:test'
import { almostJson } from '../../../src/ingestion/platforms/pages/almost-json.ts'
import { readPageTags } from '../../../src/ingestion/platforms/pages/page-tags.ts'
import { foundInTags } from '../../../src/ingestion/platforms/web/web-page.ts'

const script = (json: string, type = 'application/ld+json') => `<script type="${type}">${json}</script>`
const read = (...scripts: string[]) =>
  foundInTags(
    readPageTags(
      `<title>Plain title</title><meta property="og:site_name" content="Times">${scripts.join('')}`,
    ),
    'https://example.org/a/b',
  )
const ARTICLE = '"@type":"NewsArticle","headline":"Harbour reopens","author":{"name":"Rosa Alves"}'

describe('JSON-LD that is not quite JSON is read', () => {
  const FORMS: Record<string, string> = {
    'line breaks in strings': `{${ARTICLE},"description":"The harbour\nis\r\nopen"}`,
    'tabs in strings': `{${ARTICLE},"description":"The harbour\tis open"}`,
    'escapes that JSON has not': `{${ARTICLE},"description":"The harbour\\'s open \\x \\u12"}`,
    'commas before brackets': `{${ARTICLE},"keywords":["a","b",],}`,
    comments: `/* ours */ {${ARTICLE} // end\n}`,
    'a wrapping comment': `<!-- {${ARTICLE}} -->`,
    CDATA: `//<![CDATA[\n{${ARTICLE}}\n//]]>`,
    'CDATA in comments': `/*<![CDATA[*/{${ARTICLE}}/*]]>*/`,
    'a semicolon at the end': `\ufeff{${ARTICLE}};`,
    'two objects in a row': `{"@type":"WebSite","name":"Times"}\n{${ARTICLE}}`,
    'a graph of one object': `{"@graph":{${ARTICLE}}}`,
  }
  test.each(Object.entries(FORMS))('%s', (_, json) => {
    expect(read(script(json))).toMatchObject({ title: 'Harbour reopens', author: 'Rosa Alves' })
  })

  test('and what is JSON stays as it is', () => {
    const value = { a: 'https://example.org/ // no comment, } ,]', b: ['\n"\\/\u2028', -1.5e3, true, null] }
    expect(almostJson(JSON.stringify(value))).toEqual(value)
    expect(almostJson(`${JSON.stringify(value)};`)).toEqual(value)
    for (const nothing of ['', 'x', '{', '{"a":', '[}']) expect(almostJson(nothing)).toBeUndefined()
  })

  test('its type may have parameters, and types may be addresses or kinds of those that are known', () => {
    const types = ['http://schema.org/NewsArticle', 'https://schema.org/BlogPosting', 'schema:Recipe']
    for (const type of [...types, 'ReportageNewsArticle', 'MedicalScholarlyArticle']) {
      const json = JSON.stringify({ '@type': type, headline: 'Harbour reopens' })
      expect(read(script(json, 'Application/LD+JSON; charset=utf-8')).title).toBe('Harbour reopens')
    }
  })

  test('its entities are decoded, and addresses keep their parameters', () => {
    const found = read(
      script(
        `{"@type":"Recipe","name":"Salt &amp; Pepper &#8212; AT&T &lt;b&gt;","author":"M&uuml;ller",
          "image":"https://example.org/i.jpg?a=1&copy=2&amp;b=3"}`,
      ),
    )
    expect(found).toMatchObject({
      title: 'Salt & Pepper — AT&T <b>',
      author: 'Müller',
      thumbnail_url: 'https://example.org/i.jpg?a=1&copy=2&b=3',
    })
  })
})

describe('what JSON-LD names by "@id" is looked up', () => {
  const graph = (...objects: unknown[]) => script(JSON.stringify({ '@graph': objects }))
  test('the author and the picture, also in another script and inside of another object', () => {
    const person = { '@type': 'Person', '@id': '#p1', name: 'Rosa Alves' }
    const image = { '@type': 'ImageObject', '@id': '#i1', url: '/painted.jpg', width: 1200, height: 800 }
    const article = { '@type': 'Article', headline: 'H', author: [{ '@id': '#p1' }], image: { '@id': '#i1' } }
    const expected = { author: 'Rosa Alves', thumbnail_url: 'https://example.org/painted.jpg' }
    expect(read(graph(article, person, image))).toMatchObject(expected)
    expect(read(graph(person, image), graph(article))).toMatchObject(expected)
    const page = { '@type': 'WebPage', primaryImageOfPage: image, publisher: { founder: person } }
    expect(read(graph(page, article))).toMatchObject(expected)
    expect(read(graph({ ...article, author: '#p1' }, person, image))).toMatchObject(expected)
  })

  test('what a page is about', () => {
    const recipe = { '@type': 'Recipe', name: 'Rye bread', author: { '@id': '#p1' }, image: '/rye.jpg' }
    const person = { '@id': '#p1', name: 'Rosa Alves' }
    const expected = {
      title: 'Rye bread',
      author: 'Rosa Alves',
      thumbnail_url: 'https://example.org/rye.jpg',
    }
    for (const inner of [
      { mainEntity: recipe },
      { mainEntity: [recipe] },
      { hasPart: recipe },
      { mainEntity: { '@id': '#r' } },
    ]) {
      const page = { '@type': 'WebPage', name: 'Recipes', ...inner }
      expect(read(graph(page, person, { ...recipe, '@id': '#r', '@type': 'Recipe' }))).toMatchObject(expected)
      if (!('@id' in Object.values(inner)[0]!)) expect(read(graph(page, person))).toMatchObject(expected)
    }
  })

  test('circles and names of nothing do no harm', () => {
    const page = {
      '@type': 'WebPage',
      '@id': '#a',
      name: 'A',
      mainEntity: { '@id': '#a' },
      author: { '@id': '#x' },
    }
    expect(read(graph(page))).toMatchObject({ title: 'A', author: 'Times' })
  })
})
