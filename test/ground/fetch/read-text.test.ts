import { describe, expect, test } from 'bun:test'
import process from 'node:process'
import { readText } from '../../../src/ground/fetch/reading/read-text.ts'

const bytes = (hex: string) => Buffer.from(hex, 'hex')
const page = (head: string, hex: string) => Buffer.concat([Buffer.from(head), bytes(hex)])

/** The same word in the charset's own bytes. */
const WORDS: [string, string, string][] = [
  ['windows-1252', '80e9', '€é'],
  ['iso-8859-1', '80e9', '€é'],
  ['windows-1251', 'cff0', 'Пр'],
  ['koi8-r', 'f0d2c9', 'При'],
  ['shift_jis', '93fa967b', '日本'],
  ['euc-jp', 'c6fccbdc', '日本'],
  ['iso-2022-jp', '1b2442467c4b5c1b2842', '日本'],
  ['gbk', 'c4e3bac3', '你好'],
  ['gb2312', 'c4e3bac3', '你好'],
  ['big5', 'a741a66e', '你好'],
  ['euc-kr', 'bec8b3e7', '안녕'],
  ['utf-16le', '4f607d59', '恏好'],
]

describe('the charset', () => {
  for (const [label, hex, word] of WORDS) {
    test(`${label} is read`, () => {
      expect(readText(bytes(hex), `text/html; charset=${label}`)).toBe(word)
    })
  }

  test('of the content type may be quoted and in any case', () => {
    expect(readText(bytes('e9'), 'text/html;Charset="ISO-8859-1"; x=y')).toBe('é')
    expect(readText(bytes('e9'), "text/html; charset='latin1'")).toBe('é')
  })

  test('of a byte order mark comes before all', () => {
    expect(readText(bytes('efbbbfc3a9'), 'text/html; charset=latin1')).toBe('é')
    expect(readText(bytes('fffe4100'), 'text/html; charset=utf-8')).toBe('A')
    expect(readText(bytes('feff0041'), null)).toBe('A')
  })

  test('is else what the page declares in its beginning', () => {
    const declarations = [
      '<meta charset=windows-1251>',
      '<META CharSet = "windows-1251">',
      `<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">`,
      `<?xml version="1.0" encoding="windows-1251"?>`,
      '<!-- <meta charset=gbk> --><meta charset="windows-1251">',
    ]
    for (const head of declarations) {
      for (const type of ['text/html', 'application/xhtml+xml', null]) {
        expect(readText(page(head, 'cff0'), type)).toEndWith('Пр')
      }
    }
  })

  test('of the content type comes before what the page declares', () => {
    expect(readText(page('<meta charset=gbk>', 'c3a9'), 'text/html; charset=utf-8')).toEndWith('é')
  })

  test('is UTF-8 when nothing or nonsense is declared, or in what is no page', () => {
    for (const head of ['', '<meta charset=klingon>', '<meta charset="">', '<meta charset=utf-16>']) {
      expect(readText(page(head, 'c3a9'), 'text/html')).toEndWith('é')
    }
    expect(readText(page('"<meta charset=windows-1251>', 'c3a9'), 'application/json')).toEndWith('é')
    expect(readText(bytes('c3a9'), 'text/html; charset=klingon')).toBe('é')
  })

  test('may be declared late, as browsers find it, behind scripts and among other tags', () => {
    const declaration = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'
    const heads = [
      `<html><head><script>/* ${'x'.repeat(1200)} */</script>${declaration}`,
      `${' '.repeat(5_000)}<META content='text/html;charset=windows-1251' HTTP-EQUIV=content-type>`,
      `<link href=">"><p title='<meta charset=gbk>'>${'y'.repeat(2_000)}</p><meta name=x charset="windows-1251"/>`,
      `<script>"<meta charset=gbk>"</script><title><meta charset=gbk></title><!-- <meta charset=gbk> -->${declaration}`,
      `<meta charset=klingon>${declaration}`,
    ]
    for (const head of heads)
      expect([head, readText(page(head, 'cff0'), 'text/html').slice(-2)]).toEqual([head, 'Пр'])
  })

  test('is none that is merely talked about', () => {
    const heads = [
      '<meta name="description" content="Old pages and charset=windows-1251"><meta charset="utf-8">',
      '<meta name="description" content="Old pages and charset=windows-1251">',
      '<meta property=og:title content="charset=gbk"><meta http-equiv=refresh content="5;charset=gbk">',
      '<p data-x="<meta charset=gbk>">',
    ]
    for (const head of heads) expect(readText(page(head, 'c3a9'), 'text/html')).toEndWith('é')
  })

  test('is windows-1252 when nothing is declared and it is no UTF-8; one fault is no other charset', () => {
    expect(readText(page('<title>caf', 'e920808093'), 'text/html')).toBe('<title>café €€“')
    expect(readText(bytes('e9'), 'text/plain')).toBe('é')
    expect(readText(bytes('c3a9c3a8e9'), 'text/html')).toBe('éè\ufffd')
    expect(readText(bytes('e9'), 'application/json')).toBe('\ufffd')
  })

  test('is found in time in proportion to the length', () => {
    for (const piece of [
      '<',
      '<a',
      '<a ',
      '<meta ',
      '<meta a="',
      "<meta a='",
      '<!--',
      '<script>',
      '</',
      ' ',
      '=',
      '<a =',
    ]) {
      const before = process.cpuUsage()
      readText(Buffer.from(piece.repeat(1_000_000 / piece.length)), 'text/html')
      const { user, system } = process.cpuUsage(before)
      expect([piece, user + system < 2_000_000]).toEqual([piece, true])
    }
  })
})
