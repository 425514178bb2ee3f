import { expect, test } from 'bun:test'
import { createTurns, LineIsFull, type Place } from '../../../src/library/thumbnails/turns.ts'

/** Who has a turn, in the order in which they got it. */
function watch() {
  const order: string[] = []
  const ends = new Map<string, () => void>()
  const note = (name: string, { turn }: Place) =>
    turn.then(end => {
      if (!end) return
      order.push(name)
      ends.set(name, end)
    })
  return { order, note, end: (name: string) => ends.get(name)!() }
}
const settle = () => new Promise(resolve => setTimeout(resolve))

test('whoever is alone has half of the turns, and a newcomer finds one free', async () => {
  const enter = createTurns({ atOnce: 8, line: 100 })
  const { order, note } = watch()
  for (let i = 0; i < 10; i++) note('a', enter('a'))
  await settle()
  expect(order).toHaveLength(4)
  for (const name of ['b', 'b', 'b', 'c', 'c']) note(name, enter(name))
  await settle()
  expect(order.slice(4)).toEqual(['b', 'b', 'c'])
})

test('networks take turns, however many of one of them wait', async () => {
  const enter = createTurns({ atOnce: 2, line: 100 })
  const { order, note, end } = watch()
  for (const name of ['a0', 'b0', 'c0', 'a1', 'a2', 'b1', 'a3']) note(name, enter(name[0]!))
  await settle()
  expect(order).toEqual(['a0', 'b0'])
  for (const name of ['a0', 'c0', 'a3', 'b0']) {
    end(name)
    await settle()
  }
  expect(order).toEqual(['a0', 'b0', 'c0', 'a3', 'a2', 'b1'])
})

test('within a network the newest is next', async () => {
  const enter = createTurns({ atOnce: 2, line: 100 })
  const { order, note, end } = watch()
  for (const name of ['first', 'second', 'third']) note(name, enter('a'))
  await settle()
  end('first')
  await settle()
  expect(order).toEqual(['first', 'third'])
})

test('a network has so many of one host at once, and others pass those that wait for it', async () => {
  const enter = createTurns({ atOnce: 20, perHost: 2, line: 100 })
  const { order, note, end } = watch()
  for (let i = 0; i < 4; i++) note(`slow${i}`, enter('a', 'slow.test'))
  note('quick', enter('a', 'quick.test'))
  note('other', enter('b', 'slow.test'))
  await settle()
  expect(order).toEqual(['slow0', 'slow1', 'quick', 'other'])
  end('slow1')
  end('slow1')
  await settle()
  expect(order.at(-1)).toBe('slow3')
  expect(order).toHaveLength(5)
})

test('a full line refuses the oldest of whoever has the most in it', async () => {
  const enter = createTurns({ atOnce: 1, line: 3 })
  enter('a')
  const places = [enter('a'), enter('a'), enter('a')]
  const newcomer = enter('b')
  expect(await places[0]!.turn.catch(error => error)).toBeInstanceOf(LineIsFull)
  for (const place of [places[1]!, places[2]!, newcomer]) place.leave()
  expect(await Promise.all([places[1]!.turn, newcomer.turn])).toEqual([undefined, undefined])
})

test('who leaves gets no turn, and keeps one that has begun', async () => {
  const enter = createTurns({ atOnce: 2, line: 3 })
  const { order, note, end } = watch()
  const [running, waiting, next] = [enter('a'), enter('a'), enter('a')]
  note('running', running)
  note('waiting', waiting)
  note('next', next)
  await settle()
  running.leave()
  next.leave()
  await settle()
  expect(order).toEqual(['running'])
  end('running')
  await settle()
  expect(order).toEqual(['running', 'waiting'])
})
