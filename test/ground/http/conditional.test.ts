import { describe, expect, test } from 'bun:test'
import { etagOf, isNotModified } from '../../../src/ground/http/conditional.ts'

const user = { id: '0190b5a4-0000-7000-8000-000000000001', library_version: 7 }
const tag = etagOf(user)
const ask = (ifNoneMatch?: string, of = user) => {
  const headers: Record<string, string> = ifNoneMatch === undefined ? {} : { 'if-none-match': ifNoneMatch }
  return isNotModified(new Request('http://localhost/', { headers }), { headers: {} }, of)
}

describe('a conditional GET', () => {
  test.each([tag, tag.slice(2), `"other", ${tag}`, `W/"a,b",${tag} , "c"`, '*'])(
    'with If-None-Match %p is not modified',
    given => expect(ask(given)).toBe(true),
  )

  test.each([undefined, '', '"other"', 'W/"other"', tag.slice(3, -1), `${tag.slice(0, -1)}0"`, '"*"'])(
    'with If-None-Match %p is answered',
    given => expect(ask(given)).toBe(false),
  )

  test('is answered when the library has changed, and to another user', () => {
    expect(ask(tag, { ...user, library_version: 8 })).toBe(false)
    expect(ask(tag, { ...user, id: '0190b5a4-0000-7000-8000-000000000002' })).toBe(false)
  })

  test('sets a weak tag that only this user may cache, and keeps what varies', () => {
    const set = { headers: { vary: 'origin' } as Record<string, string> }
    isNotModified(new Request('http://localhost/'), set, user)
    expect(set.headers).toEqual({
      etag: tag,
      'cache-control': 'private, no-cache',
      vary: 'origin, authorization',
    })
    expect(tag).toMatch(/^W\/"[^"]+"$/)
  })
})
