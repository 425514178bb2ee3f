// Nothing that reads a page takes more time than in proportion to its length: what was quadratic took minutes here.
import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import process from 'node:process'
import {
  hashtags,
  readCaption,
  titleFromCaption,
} from '../../../src/ingestion/platforms/instagram/instagram-caption.ts'
import { readPostPage } from '../../../src/ingestion/platforms/instagram/instagram-page.ts'
import { makeMetadata } from '../../../src/ingestion/platforms/make-metadata.ts'
import { readOembed } from '../../../src/ingestion/platforms/pages/oembed.ts'
import { findMainText } from '../../../src/ingestion/platforms/web/find-main-text.ts'
import { linkedObjects } from '../../../src/ingestion/platforms/web/linked-data.ts'
import { readWebPage } from '../../../src/ingestion/platforms/web/web-page.ts'
import { isoDurationSeconds } from '../../../src/ingestion/platforms/youtube/iso-duration.ts'
import { readCaptions } from '../../../src/ingestion/platforms/youtube/read-captions.ts'
import { readPlayer } from '../../../src/ingestion/platforms/youtube/youtube-player.ts'
import { readVideos } from '../../../src/ingestion/platforms/youtube/youtube-videos.ts'
import { readWatchPage } from '../../../src/ingestion/platforms/youtube/youtube-watch-page.ts'

/** A pattern that is quadratic in blanks takes minutes over as many; LINEAR_LENGTH=5000000 tries a whole page. */
const LENGTH = Number(process.env.LINEAR_LENGTH ?? 250_000)
/** Of this process alone, however busy the machine is. Most take a tenth of it. */
const GUARD_MS = LENGTH / 100
setDefaultTimeout(600_000)

const address = { url: 'https://example.com/a', asked: 'https://example.com/b' }
const script = (json: string) => `<script type="application/ld+json">${json}</script>`
const metas = (content: string) =>
  `<meta property="og:title" content='${content}'><meta property="og:description" content='${content}'>`
const pages: Record<string, (text: string) => string> = {
  'a page': text => text,
  'a title': text => `<title>a${text}b`,
  'the tags': text => metas(`a${text}b`),
  'linked data': text => script(text),
  'an attribute': text => `<body><article><p class='a${text}b'>x</p><img srcset='a${text}b'></article>`,
  'a paragraph': text => `<title>T</title><article><p>a${text}b</p></article>`,
}
const parsers: Record<string, (text: string) => unknown> = {
  'a title or description of any metadata': text =>
    makeMetadata({
      title: `a${text}b`,
      caption: `a${text}b`,
      transcript: text,
      author: text,
      tags: [text],
      thumbnail_url: text,
      language: text,
      published_at: text,
      metadata_source: 'web_page',
    }),
  'a duration': text => isoDurationSeconds(`P${text}`),
  'an Instagram title': text => [readCaption(text, text), readCaption(`a${text}b`, `a${text}b`)],
  'a quoted caption': text => readCaption(`a on Instagram: "${text}`, `a on May 1, 2024: "${text}`),
  'a caption': text => [titleFromCaption(text), titleFromCaption(`${text}a`), hashtags(text)],
  'JSON-LD': text => [linkedObjects(text), linkedObjects(`[${text}]`), linkedObjects(`{"@graph":[${text}]}`)],
  'an oEmbed answer': text => readOembed(text),
  'a list of videos': text => readVideos(`{"items":[${text}]}`),
  captions: text => [
    readCaptions(text),
    readCaptions(`{"events":[${text}]}`),
    readCaptions(`<p>${text}</p>`),
  ],
  'a player': text => readPlayer(`ytInitialPlayerResponse = {${text}}`),
}
for (const [where, page] of Object.entries(pages)) {
  parsers[`${where} of the web`] = text => readWebPage(page(text), address)
  parsers[`the main text in ${where}`] = text => findMainText(page(text))
  parsers[`${where} of Instagram`] = text => readPostPage(page(text))
  parsers[`${where} of YouTube`] = text => readWatchPage(page(text), address)
}

const REPEATED = [
  ...[
    ' ',
    '\t',
    '\n',
    '\r\n',
    '\u00a0',
    '\u2003',
    '\u3000',
    '\ufeff',
    ' \n',
    'a ',
    ' | ',
    ' |',
    '|',
    '·',
    '•',
    '-',
    ' - ',
    '–',
  ],
  ...[
    '"',
    "'",
    '“',
    '<',
    '</',
    '>',
    '&',
    '&#',
    '&#x',
    '&amp;',
    '<!--',
    '<!',
    '<?',
    '<![CDATA[',
    ']]>',
    '\\',
    '\\"',
  ],
  ...[
    '<p>',
    '<b>',
    '</b>',
    '<p class=a b=c ',
    '<meta>',
    '<meta name=a content=b>',
    '<title>',
    '<title></title>',
    '<svg>',
  ],
  ...[
    '<script>',
    '<script type="application/ld+json">',
    script('{"@type":"Article"}'),
    script('['),
    '<form>',
    '<br>',
  ],
  ...[
    '<meta property="og:image" content="a">',
    'a="',
    '{',
    '[',
    '[{',
    '{"@graph":[',
    '{"@type":"Article"},',
    '[],',
    '{},',
  ],
  ...[
    '{"segs":[{"utf8":"a"}]},',
    '1,',
    '"a",',
    '(@a',
    ' (@a',
    ' on Instagram',
    ' on Instagram: "',
    '#',
    '#a',
    ',',
    '.',
    '! ',
  ],
  ...[
    '1',
    '1W',
    '9.',
    'a',
    'A',
    'é',
    '\ud83d\ude00',
    '\ud800',
    '\udc00',
    'a\u0301',
    '\u0301',
    '\u0000',
    '/',
    ':',
    ';',
    '=',
  ],
  ...[
    'ytInitialPlayerResponse',
    'ytInitialPlayerResponse = ',
    'ytInitialPlayerResponse = {',
    '<text>',
    '<p>a</p>',
  ],
]

describe.each(Object.entries(parsers))('%s', (_, parse) => {
  test('is read in time, whatever stands there over and over', () => {
    const slow: string[] = []
    for (const part of REPEATED) {
      const text = part.repeat(LENGTH / part.length)
      const begun = process.cpuUsage()
      parse(text)
      const { user, system } = process.cpuUsage(begun)
      const took = (user + system) / 1000
      if (process.env.SHOW && took > 500) console.log(_, JSON.stringify(part), Math.round(took))
      if (took > GUARD_MS) slow.push(`${JSON.stringify(part)}: ${Math.round(took)} ms`)
    }
    expect(slow).toEqual([])
  })
})

test('what names each other in linked data is copied within bounds', () => {
  const keys = Object.fromEntries(Array.from({ length: 30_000 }, (_, i) => [`k${i}`, 1]))
  const wide = { '@id': 'a', '@type': 'Person', name: 'A', ...keys }
  const naming = Array.from({ length: 300 }, () => ({ '@type': 'Article', author: Array(100).fill('a') }))
  const begun = process.cpuUsage()
  readWebPage(script(JSON.stringify([wide, ...naming])), address)
  const { user, system } = process.cpuUsage(begun)
  expect((user + system) / 1000).toBeLessThan(GUARD_MS)
})

test('what is open is not looked through for each tag that closes something else', () => {
  const begun = process.cpuUsage()
  readWebPage('<b>'.repeat(400_000) + '</i>'.repeat(400_000), address)
  const { user, system } = process.cpuUsage(begun)
  expect((user + system) / 1000).toBeLessThan(GUARD_MS)
})
