import { describe, expect, test } from 'bun:test'
import { type Condition, parseQuery, QueryFault } from '../../../src/library/query/parse-query.ts'
import { CATEGORIES } from '../../../src/vocabulary.ts'

const is = (of: string, value: string, is_not = false) => ({ of, value, is_not }) as Condition
const TABLE: [query: string, text: string, ...conditions: Condition[]][] = [
  ['', ''],
  ['   ', ''],
  ['sourdough', 'sourdough'],
  ['how to  bake', 'how to bake'],
  ['"slow food"', 'slow food', is('word', 'slow food')],
  ['bread "slow food" oven', 'bread slow food oven', is('word', 'slow food')],
  ['bread -yeast', 'bread', is('word', 'yeast', true)],
  ['-"dry yeast"', '', is('word', 'dry yeast', true)],
  ['""', ''],
  ['-', '-'],
  ['a - b', 'a - b'],
  ['e-mail state-of-the-art', 'e-mail state-of-the-art'],
  ['tag:bread', '', is('tag', 'bread')],
  ['TAG:bread', '', is('tag', 'bread')],
  ['tag:"slow food" -tag:news', '', is('tag', 'slow food'), is('tag', 'news', true)],
  ['category:tech x', 'x', is('category', 'Tech')],
  ['category:"Food & Drink"', '', is('category', 'Food & Drink')],
  ['in:"to read" rust', 'rust', is('in', 'to read')],
  ['site:example.com', '', is('site', 'example.com')],
  ['site:https://www.Example.com/a?b', '', is('site', 'example.com')],
  ['site:bücher.example', '', is('site', 'xn--bcher-kva.example')],
  ['is:favorite is:favourite', '', is('is', 'favorite'), is('is', 'favorite')],
  ['-is:archived is:Unread', '', is('is', 'archived', true), is('is', 'unread')],
  ['is:public is:failed', '', is('is', 'public'), is('is', 'failed')],
  ['has:note -has:tag', '', is('has', 'note'), is('has', 'tag', true)],
  ['before:2026-01-31', '', is('before', '2026-01-31T00:00:00.000Z')],
  ['after:2024-02-29 cats', 'cats', is('after', '2024-02-29T00:00:00.000Z')],
  // What is no operator is a word.
  ['https://example.com/a?b=c', 'https://example.com/a?b=c'],
  ['Re: plans', 'Re: plans'],
  ['foo:bar', 'foo:bar'],
  ['constructor:x __proto__:y', 'constructor:x __proto__:y'],
  ['3:45 ratio', '3:45 ratio'],
  ['100% a_b', '100% a_b'],
  ['say "hello', 'say "hello'],
  ['東京 ラーメン', '東京 ラーメン'],
  ['-東京', '', is('word', '東京', true)],
]

describe('a query', () => {
  test.each(TABLE)('%s', (query, text, ...conditions) => {
    expect(parseQuery(query)).toEqual({ text, conditions })
  })

  test('with an operator that does not take its value says what it takes', () => {
    const day = (operator: string) => `${operator}: needs a day, such as ${operator}:2026-01-31`
    const state = 'is: must be one of: favorite, archived, public, unread, failed'
    const faults = {
      'tag:""': 'tag: needs a name, such as tag:"slow food"',
      'in:""': 'in: needs a name, such as in:"slow food"',
      'site:localhost': 'site: needs a host, such as site:example.com',
      'category:cats': `category: must be one of: ${CATEGORIES.join(', ')}`,
      'is:nice': state,
      '-is:it': state,
      'has:cake': 'has: must be one of: note, tag',
      'before:tomorrow': day('before'),
      'before:2026-1-31': day('before'),
      'after:2026-02-30': day('after'),
      'after:9999-99-99': day('after'),
    }
    const said = (query: string) => {
      try {
        parseQuery(query)
      } catch (error) {
        if (error instanceof QueryFault) return error.message
        throw error
      }
    }
    expect(Object.fromEntries(Object.keys(faults).map(query => [query, said(query)]))).toEqual(faults)
  })

  test('of any text is read', () => {
    for (const piece of ['"', '-', ':', 'tag:', '-"', 'a:"', ' ']) {
      const long = piece.repeat(100_000)
      expect(parseQuery(long).text.replaceAll(' ', '').length).toBeLessThanOrEqual(long.length)
    }
  })
})
