import { describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { readConfig } from '../../src/config/config.ts'
import { normaliseUrl as normalise } from '../../src/library/links/normalise-url.ts'

const config = readConfig({ PLATFORMS: 'youtube,instagram' })
const normaliseUrl = (input: string) => normalise(input, config)

const ID = 'dQw4w9WgXcQ'
const POST = 'C4x_Zk-9aBc'

const VIDEO_SPELLINGS = [
  `https://youtube.com/watch?v=${ID}`,
  `https://www.youtube.com/watch?v=${ID}`,
  `https://m.youtube.com/watch?v=${ID}`,
  `https://music.youtube.com/watch?v=${ID}`,
  `http://youtube.com/watch?v=${ID}`,
  `http://www.youtube.com/watch?v=${ID}`,
  `HTTPS://WWW.YOUTUBE.COM/watch?v=${ID}`,
  `https://YouTube.com/watch?v=${ID}`,
  `youtube.com/watch?v=${ID}`,
  `www.youtube.com/watch?v=${ID}`,
  `m.youtube.com/watch?v=${ID}`,
  `  https://youtube.com/watch?v=${ID}\n`,
  `\u00a0https://youtube.com/watch?v=${ID}\t`,
  `https://youtube.com:443/watch?v=${ID}`,
  `http://youtube.com:80/watch?v=${ID}`,
  `https://youtube.com/watch/?v=${ID}`,
  `https://youtube.com//watch?v=${ID}`,
  `https://youtube.com/watch?v=${ID}#t=30`,
  `https://youtube.com/watch?v=${ID}&t=43s`,
  `https://youtube.com/watch?t=43s&v=${ID}`,
  `https://youtube.com/watch?app=desktop&v=${ID}`,
  `https://youtube.com/watch?v=${ID}&list=PL123&index=4`,
  `https://youtube.com/watch?v=${ID}&feature=youtu.be`,
  `https://youtube.com/watch?v=${ID}&feature=share`,
  `https://youtube.com/watch?v=${ID}&si=AbCdEf123`,
  `https://youtube.com/watch?v=${ID}&utm_source=x&utm_medium=y&utm_campaign=caf%C3%A9`,
  `https://youtube.com/watch?v=${ID}&utm_campaign=café`,
  `https://youtube.com/watch?v=${ID}&fbclid=IwAR0&gclid=abc`,
  `https://youtube.com/watch?v=${ID}&ref=home&pp=ygU%3D`,
  `https://youtube.com/watch?v=${ID}&v=${ID}`,
  `https://youtube.com/watch?v=${ID.replace('d', '%64')}`,
  `https://youtube.com/watch?v=${ID}&`,
  `https://youtube.com/shorts/${ID}`,
  `https://www.youtube.com/shorts/${ID}/`,
  `https://m.youtube.com/shorts/${ID}?feature=share`,
  `youtube.com/shorts/${ID}`,
  `https://youtube.com/live/${ID}`,
  `https://www.youtube.com/live/${ID}?si=AbC&t=5`,
  `https://youtube.com/embed/${ID}`,
  `https://www.youtube.com/embed/${ID}?autoplay=1`,
  `https://youtube.com/v/${ID}`,
  `https://youtu.be/${ID}`,
  `http://youtu.be/${ID}`,
  `youtu.be/${ID}`,
  `https://youtu.be/${ID}/`,
  `https://youtu.be/${ID}?si=AbCdEf123`,
  `https://youtu.be/${ID}?t=10`,
  `https://youtu.be/${ID}?list=PL123#x`,
  `https://www.youtu.be/${ID}`,
  `https://youtu.be:443/${ID}`,
]

const POST_SPELLINGS = [
  `https://instagram.com/p/${POST}`,
  `https://www.instagram.com/p/${POST}/`,
  `https://m.instagram.com/p/${POST}/`,
  `http://instagram.com/reel/${POST}`,
  `https://www.instagram.com/reel/${POST}/?igsh=MWQ1ZGUxMzBkMA==`,
  `https://www.instagram.com/reels/${POST}/?igshid=abc`,
  `https://instagram.com/tv/${POST}?utm_source=ig_web_copy_link`,
  `https://www.instagram.com/casa.da_rosa/reel/${POST}/`,
  `https://www.instagram.com/casa.da_rosa/p/${POST}/?img_index=2`,
  `instagram.com/p/${POST}#comments`,
]

describe('one video is one link', () => {
  test('fifty spellings of a video give one address and one hash', () => {
    const url = `https://youtube.com/watch?v=${ID}`
    const expected = {
      url,
      source_platform: 'youtube' as const,
      external_id: ID,
      url_hash: createHash('sha256').update(url).digest('hex'),
    }
    expect(new Set(VIDEO_SPELLINGS).size).toBe(50)
    for (const spelling of VIDEO_SPELLINGS)
      expect([spelling, normaliseUrl(spelling)]).toEqual([spelling, expected])
  })

  test('the normal form of a link is its own normal form', () => {
    for (const spelling of [...VIDEO_SPELLINGS, ...POST_SPELLINGS]) {
      const link = normaliseUrl(spelling)!
      expect(normaliseUrl(link.url)).toEqual(link)
    }
  })

  test('ids that differ in case alone are different videos', () => {
    const [a, b] = [normaliseUrl(`youtu.be/${ID}`), normaliseUrl(`youtu.be/${ID.toLowerCase()}`)]
    expect(a?.url_hash).not.toBe(b!.url_hash)
  })
})

describe('one post is one link', () => {
  test('every kind and host of a post gives one hash', () => {
    const links = POST_SPELLINGS.map(spelling => normaliseUrl(spelling))
    expect(links.map(link => link?.external_id)).toEqual(POST_SPELLINGS.map(() => POST))
    expect(links.map(link => link?.source_platform)).toEqual(POST_SPELLINGS.map(() => 'instagram'))
    expect(new Set(links.map(link => link?.url_hash)).size).toBe(1)
  })

  test('the address keeps the kind it was shared with', () => {
    expect(normaliseUrl(`www.instagram.com/reels/${POST}/?igsh=x`)?.url).toBe(
      `https://instagram.com/reel/${POST}`,
    )
    expect(normaliseUrl(`instagram.com/someone/p/${POST}/`)?.url).toBe(`https://instagram.com/p/${POST}`)
    expect(normaliseUrl(`instagram.com/tv/${POST}/`)?.url).toBe(`https://instagram.com/tv/${POST}`)
  })

  test('shortcodes have 5 to 40 characters', () => {
    expect(normaliseUrl(`instagram.com/p/${'a'.repeat(5)}`)).toBeDefined()
    expect(normaliseUrl(`instagram.com/p/${'a'.repeat(40)}`)).toBeDefined()
    expect(normaliseUrl(`instagram.com/p/${'a'.repeat(4)}`)).toBeUndefined()
    expect(normaliseUrl(`instagram.com/p/${'a'.repeat(41)}`)).toBeUndefined()
  })
})

const REFUSED: Record<string, string[]> = {
  'hosts that only look like ours': [
    `https://evil-youtube.com/watch?v=${ID}`,
    `https://youtube.com.evil.io/watch?v=${ID}`,
    `https://evilyoutube.com/watch?v=${ID}`,
    `https://xyoutu.be/${ID}`,
    `https://music.youtu.be/${ID}`,
    `https://a.www.youtube.com/watch?v=${ID}`,
    `https://gaming.youtube.com/watch?v=${ID}`,
    `https://youtube-nocookie.com/embed/${ID}`,
    `https://instagram.com.evil.io/p/${POST}`,
    `https://notinstagram.com/p/${POST}`,
    `https://help.instagram.com/p/${POST}`,
    `https://youtube.co/watch?v=${ID}`,
    `https://vimeo.com/123456789`,
  ],
  'trailing dots and empty labels': [
    `https://youtube.com./watch?v=${ID}`,
    `https://.youtube.com/watch?v=${ID}`,
    `https://www..youtube.com/watch?v=${ID}`,
    `https://instagram.com./p/${POST}`,
  ],
  'names that only become ours by IDN or escapes': [
    `https://ｙoutube.com/watch?v=${ID}`,
    `https://youtube。com/watch?v=${ID}`,
    `https://уoutube.com/watch?v=${ID}`,
    `https://xn--outube-9pf.com/watch?v=${ID}`,
    `https://you%74ube.com/watch?v=${ID}`,
    `https://you\u00adtube.com/watch?v=${ID}`,
    `https://youtube\u200b.com/watch?v=${ID}`,
  ],
  credentials: [
    `https://user:pass@youtube.com/watch?v=${ID}`,
    `https://youtube.com@evil.io/watch?v=${ID}`,
    `https://@youtube.com/watch?v=${ID}`,
    `https://evil.io#@youtube.com/watch?v=${ID}`,
  ],
  'ports other than the default': [
    `https://youtube.com:8443/watch?v=${ID}`,
    `https://youtube.com:80/watch?v=${ID}`,
    `http://youtube.com:443/watch?v=${ID}`,
    `youtube.com:8080/watch?v=${ID}`,
    `https://youtube.com:/watch?v=${ID}`,
  ],
  'control characters, invisible ones and backslashes': [
    `https://youtube.com/watch?v=${ID}\u0000`,
    `https://you\ttube.com/watch?v=${ID}`,
    `https://youtube.com/watch\r\n?v=${ID}`,
    `https://youtube.com/watch?v=${ID}&a=b c`,
    `https://youtube.com\\watch?v=${ID}`,
    `https:\\\\youtube.com/watch?v=${ID}`,
    `https://youtube.com/watch?v=${ID}&x=\u202e`,
    `https://youtube.com/watch?v=${ID}&x=\u007f`,
    `https://youtube.com/watch?v=${ID}&x=\ud800`,
  ],
  'other schemes and broken ones': [
    `ftp://youtube.com/watch?v=${ID}`,
    `javascript:alert(1)//youtube.com/watch?v=${ID}`,
    `file:///youtube.com/watch?v=${ID}`,
    `data:text/html,youtube.com/watch?v=${ID}`,
    `//youtube.com/watch?v=${ID}`,
    `https:/youtube.com/watch?v=${ID}`,
    `https:youtube.com/watch?v=${ID}`,
    `https:///youtube.com/watch?v=${ID}`,
    `https://https://youtube.com/watch?v=${ID}`,
  ],
  'wrong ids': [
    `https://youtube.com/watch?v=${ID}x`,
    `https://youtube.com/watch?v=${ID.slice(1)}`,
    `https://youtube.com/watch?v=dQw4w9WgXc!`,
    `https://youtube.com/watch?v=dQw4w9WgXc%00`,
    `https://youtube.com/watch?v=dQw4w9WgXcé`,
    `https://youtube.com/watch?v=`,
    `https://youtube.com/watch`,
    `https://youtube.com/watch?V=${ID}`,
    `https://youtube.com/watch?v=${ID}&v=aaaaaaaaaaa`,
    `https://youtu.be/${ID}/more`,
    `https://youtu.be/`,
    `https://youtube.com/shorts/${ID}/more`,
    `https://instagram.com/p/abc!efg`,
    `https://instagram.com/p/`,
  ],
  'pages that are no video and no post': [
    'https://youtube.com/',
    'https://www.youtube.com/@someone',
    'https://youtube.com/playlist?list=PL1234567890',
    `https://youtube.com/channel/${ID}`,
    `https://youtube.com/redirect?q=https://youtube.com/watch?v=${ID}`,
    'https://instagram.com/casa.da.rosa/',
    'https://instagram.com/reels/audio/1234567890/',
    `https://instagram.com/share/reel/${POST}`,
    `https://instagram.com/share/p/${POST}`,
    `https://instagram.com/stories/someone/1234567890/`,
    `https://instagram.com/constructor/${POST}`,
    `https://instagram.com/p/${POST}/embed/`,
    `https://instagram.com/bad user/p/${POST}`,
  ],
  'no link at all': [
    '',
    '   ',
    'hello',
    'youtube',
    ID,
    '.',
    'https://',
    `https://youtube.com/watch?v=${ID} wow`,
  ],
}

describe('refuses', () => {
  for (const [what, inputs] of Object.entries(REFUSED)) {
    test(what, () => {
      for (const input of inputs) expect([input, normaliseUrl(input)]).toEqual([input, undefined])
    })
  }

  test('more than 2048 characters', () => {
    const link = `https://youtube.com/watch?v=${ID}&x=`
    expect(normaliseUrl(link.padEnd(2048, 'a'))).toBeDefined()
    expect(normaliseUrl(link.padEnd(2049, 'a'))).toBeUndefined()
  })
})
