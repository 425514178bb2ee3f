// Which addresses lead to the page for people.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { startTrove, type Trove } from '../support/app.ts'

describe('the address of the page', () => {
  let trove: Trove
  beforeAll(async () => {
    trove = await startTrove()
  })
  afterAll(() => trove.stop())
  const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }

  test.each([
    ['/', '/library'],
    ['/library/groups', '/library#/groups'],
    ['/library/search/a%20b%2Fc', '/library#/search/a%20b%2Fc'],
    ['/library/search/%', '/library#/search/%'],
    [
      '/library/item/01a21ecd-9ecc-7723-8ce4-b10c21b14e6c',
      '/library#/item/01a21ecd-9ecc-7723-8ce4-b10c21b14e6c',
    ],
    ['/library//evil.example', '/library#/evil.example'],
  ])('a browser at %s is led to %s', async (path, location) => {
    const { status, headers } = await trove.get(path, browser)
    expect([status, headers.get('location')]).toEqual([302, location])
  })

  test.each(['/', '/library/groups', '/library/nothing.js'])(
    'who else asks for %s is told that nothing is there',
    async path => {
      for (const accept of ['*/*', 'application/json']) {
        const { status, headers, body } = await trove.get(path, { accept })
        expect(status).toBe(404)
        expect(headers.get('content-type')).toContain('application/problem+json')
        expect(body.detail).toBe('There is nothing at this address')
      }
    },
  )

  test('every file that the page names is there', async () => {
    const { body } = await trove.get('/library', browser)
    const named = [...body.matchAll(/(?:href|src)="(\/library\/[^"]+)"/g)].map(([, path]) => path!)
    const asked = new Set<string>()
    for (let path = named.pop(); path; path = named.pop()) {
      if (asked.has(path)) continue
      asked.add(path)
      const file = await trove.get(path)
      expect([path, file.status]).toEqual([path, 200])
      for (const [, other] of file.body.matchAll(/from '(\.[^']+)'/g))
        named.push(new URL(other!, `http://x${path}`).pathname)
    }
    expect(asked.size).toBeGreaterThan(20)
  })
})
