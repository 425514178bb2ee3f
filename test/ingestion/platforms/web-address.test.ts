import { describe, expect, test } from 'bun:test'
import { readConfig } from '../../../src/config/config.ts'
import { normaliseUrl } from '../../../src/library/links/normalise-url.ts'

const config = readConfig({ PLATFORMS: 'youtube,instagram,web' })
const link = (input: string) => normaliseUrl(input, config)

describe('one page is one link', () => {
  test('however it is spelled', () => {
    const spellings = [
      'https://example.org/a/Story?id=7&b=2',
      'http://example.org/a/Story?id=7&b=2',
      'HTTPS://EXAMPLE.org/a/Story?id=7&b=2#part-3',
      'example.org/a/Story?id=7&b=2',
      ' https://example.org:443/a/Story/?id=7&b=2\n',
      'http://example.org:80/a/Story?id=7&b=2',
      'https://example.org./a/Story?id=7&b=2',
      'https://example.org/a/Story?utm_source=x&id=7&fbclid=1&b=2&utm_medium=y',
      'https://example.org/a/Story?id=7&&b=2&gclid=x&igsh=y&mc_cid=z',
      'https://example.org/a/x/../Story?id=7&b=2',
      'https://example.org/a/Story?id=7&gad_source=1&gad_campaignid=2&mibextid=x&_branch_match_id=y&b=2',
      'https://example.org/%61/Stor%79?id=%37&b=2',
    ]
    const links = spellings.map(link)
    expect(new Set(links.map(it => it?.url_hash)).size).toBe(1)
    expect(links[0]).toMatchObject({ url: 'https://example.org/a/Story?id=7&b=2', source_platform: 'web' })
    expect(links[0]!.external_id).toMatch(/^[0-9a-f]{32}$/)
  })

  test('whatever is escaped in it, and however', () => {
    const pairs = [
      ['caf%C3%A9', 'caf%c3%a9'],
      ['café', 'caf%c3%a9'],
      ['~rosa', '%7Erosa'],
      ['p?q=caf%C3%A9', 'p?q=caf%c3%a9'],
      ['a%2fb', 'a%2Fb/'],
    ]
    for (const pair of pairs) {
      const [one, other] = pair.map(path => link(`https://example.org/${path}`))
      expect([pair, other?.url_hash]).toEqual([pair, one!.url_hash])
    }
    const reserved = ['a%2Fb', 'a/b', 'a?b=1%262', 'a?b=1&2', 'a%3Fb', 'a?b', '100%', '100%25']
    expect(new Set(reserved.map(path => link(`https://example.org/${path}`)!.url_hash)).size).toBe(8)
  })

  test('and it is asked, kept and shown as it was pasted, less tracking and fragment', () => {
    const pasted = {
      'http://example.org/a': 'http://example.org/a',
      'https://example.org/notes/': 'https://example.org/notes/',
      'https://example.org/notes//?page=2&&x': 'https://example.org/notes//?page=2&&x',
      'https://example.org./a%c3%a9/%7Erosa#part': 'https://example.org./a%c3%a9/%7Erosa',
      'https://example.org/list/?utm_id=1&page=2&fbclid=x': 'https://example.org/list/?page=2',
      'https://example.org/list/?utm_id=1': 'https://example.org/list/',
    }
    for (const [input, url] of Object.entries(pasted)) expect(link(input)!.url).toBe(url)
  })

  test('case of the path, parameters and their order make different pages', () => {
    const different = ['a', 'A', 'a?b=1&c=2', 'a?c=2&b=1', 'a?b=1', 'a%20b', ''].map(it =>
      link(`example.org/${it}`),
    )
    expect(new Set(different.map(it => it?.url_hash)).size).toBe(7)
    expect(link('https://example.org/?q=caf%C3%A9+bar')!.url).toBe('https://example.org/?q=caf%C3%A9+bar')
    expect(link('https://example.org')!.url).toBe('https://example.org/')
  })

  test('a name in another script is written in punycode', () => {
    expect(link('https://MÜNCHEN.de/')!.url).toBe('https://xn--mnchen-3ya.de/')
    expect(link('https://xn--mnchen-3ya.de')!.url_hash).toBe(link('münchen.de')!.url_hash)
  })

  test('a name may have an underscore or a picture', () => {
    const names = {
      'some_name.example.org': 'some_name.example.org',
      '_dmarc.example.org': '_dmarc.example.org',
      'my_.example_shop.org': 'my_.example_shop.org',
      '☃.net': 'xn--n3h.net',
      'i❤.ws': 'xn--i-7iq.ws',
      '👍🏽.ws': 'xn--on8h5e.ws',
      'faß.de': 'xn--fa-hia.de',
    }
    for (const [name, host] of Object.entries(names)) {
      expect([name, new URL(link(`https://${name}/`)!.url).hostname]).toEqual([name, host])
    }
    for (const no of ['a+b.example.org', 'a|b.example.org', 'a^b.example.org', 'a=b.example.org']) {
      expect(link(`https://${no}/`)).toBeUndefined()
    }
  })

  test('its normal form is its own normal form', () => {
    for (const input of ['http://example.org/a/?utm_id=1&x=%20y', 'münchen.de/ü/', 'example.org/?a&b=']) {
      const first = link(input)!
      expect(link(first.url)).toEqual(first)
    }
  })
})

describe('the other platforms come first', () => {
  test('a video is a video, a channel is a page', () => {
    expect(link('https://youtu.be/dQw4w9WgXcQ')!.source_platform).toBe('youtube')
    expect(link('https://www.instagram.com/p/C4x_Zk-9aBc/')!.source_platform).toBe('instagram')
    expect(link('https://www.youtube.com/@channel')!.source_platform).toBe('web')
    expect(link('https://www.instagram.com/casa.da.rosa/')!.source_platform).toBe('web')
  })

  test('what is not named in PLATFORMS is refused', () => {
    const plain = readConfig({ PLATFORMS: 'youtube,instagram' })
    expect(normaliseUrl('https://example.org/a', plain)).toBeUndefined()
    const youtube = readConfig({ PLATFORMS: 'youtube' })
    expect(normaliseUrl('https://www.instagram.com/p/C4x_Zk-9aBc/', youtube)).toBeUndefined()
    expect(normaliseUrl('https://youtu.be/dQw4w9WgXcQ', youtube)!.source_platform).toBe('youtube')
  })
})

describe('what is no public page is refused', () => {
  const REFUSED = [
    'http://localhost/',
    'http://intranet/wiki',
    'http://printer.local/',
    'http://vault.internal/',
    'http://127.0.0.1/',
    'http://0x7f.1/',
    'http://2130706433/',
    'http://１２７.0.0.1/',
    'http://192.168.1.1./',
    'http://[::1]/',
    'https://example.org:8443/',
    'http://example.org:443/',
    'https://user:secret@example.org/',
    'https://user@example.org/',
    'https://example%2eorg/',
    'ftp://example.org/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'https://example.org/a b',
    'https://example.org\\@evil.example.net/',
    'https://exa\u200bmple.org/',
    'https://',
    'hello',
  ]
  test.each(REFUSED)('%p', input => {
    expect(link(input)).toBeUndefined()
  })

  test('unless the operator allows the host and port', () => {
    const allowing = readConfig({ PLATFORMS: 'web', FETCH_ALLOW_HOSTS: '127.0.0.1:8080,wiki:80' })
    expect(normaliseUrl('http://127.0.0.1:8080/a', allowing)!.url).toBe('http://127.0.0.1:8080/a')
    expect(normaliseUrl('http://wiki/a', allowing)!.url).toBe('http://wiki/a')
    expect(normaliseUrl('https://wiki/a', allowing)).toBeUndefined()
    expect(normaliseUrl('http://127.0.0.1:8081/a', allowing)).toBeUndefined()
  })
})
