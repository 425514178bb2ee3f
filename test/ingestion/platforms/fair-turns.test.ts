import { describe, expect, test } from 'bun:test'
import { fairTurns } from '../../../src/ingestion/platforms/pages/fair-turns.ts'

/** Asks for a turn for each of `askers`, gives each back when it has been noted, and tells in which order they came. */
async function orderOf(askers: string[], atOnce: number, ofOne: number): Promise<string[]> {
  const take = fairTurns(() => atOnce, ofOne)
  const order: string[] = []
  const work = async (asker: string) => {
    const done = await take(asker)
    order.push(asker)
    await Promise.resolve()
    done()
  }
  await Promise.all(askers.map(work))
  return order
}

describe('turns', () => {
  test('go from one asker to the next, whoever asked for many', async () => {
    expect(await orderOf(['a', 'a', 'a', 'a', 'b', 'c', 'b'], 1, 1)).toEqual([
      'a',
      'a',
      'b',
      'c',
      'a',
      'b',
      'a',
    ])
  })

  test('of one asker never come at once, and leave the other place to others', async () => {
    const take = fairTurns(() => 2, 1)
    const first = await take('a')
    let hasSecond = false
    const second = take('a').then(done => {
      hasSecond = true
      return done
    })
    const other = await take('b')
    expect(hasSecond).toBe(false)
    other()
    ;(await take('c'))()
    expect(hasSecond).toBe(false)
    first()
    ;(await second)()
  })

  test('are fewer when there are fewer places', async () => {
    let places = 0
    const take = fairTurns(() => places, 1)
    let has = false
    const waiting = take('a').then(done => {
      has = true
      done()
    })
    await Promise.resolve()
    expect(has).toBe(false)
    places = 1
    ;(await take('b'))()
    await waiting
  })
})
