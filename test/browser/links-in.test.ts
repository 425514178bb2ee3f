// Which links the page finds in what somebody pasted.
import { describe, expect, test } from 'bun:test'

const file = '../../src/web/library/files/links-in.js'
const { linksIn }: { linksIn(text: string): string[] } = await import(file)

const [A, B, C] = ['https://youtu.be/a', 'https://www.youtube.com/watch?v=b&t=1,2', 'http://example.com/c']

describe('links in a paste', () => {
  test.each([
    ['one link', ` ${A} `, [A]],
    ['a line each', `${A}\r\n\r\n${B}\n${C}\n`, [A, B, C]],
    ['in one line', `${A} ${B}\t${C}`, [A, B, C]],
    ['with commas between', `${A},${C}; ${B}`, [A, C, B]],
    ['among words', `Look at this: ${A} and that ${C}`, [A, C]],
    ['among words without spaces', `看这个：${A}，还有${C}。`, [`${A}`, C]],
    [
      'with another in it',
      'https://web.example/2020/https://a.example/维基：首页',
      ['https://web.example/2020/https://a.example/维基：首页'],
    ],
    ['without a scheme', `youtu.be/a\nwww.example.com`, ['youtu.be/a', 'www.example.com']],
    ['a line that is none stands for itself', `${A}\nhello there`, [A, 'hello there']],
    ['no link at all', 'hello\nthere', ['hello\nthere']],
  ])('%s', (_, text, links) => expect(linksIn(text)).toEqual(links))
})
