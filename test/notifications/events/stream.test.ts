import { describe, expect, test } from 'bun:test'
import type { LibraryEvent } from '../../../src/library/events.ts'
import { openStream } from '../../../src/notifications/events/stream.ts'

/** A library whose events a test adds by hand. */
function library(count = 0) {
  const events: LibraryEvent[] = []
  const wakes = new Set<() => void>()
  const reads: number[] = []
  const add = (more: number) => {
    for (let i = 0; i < more; i++) {
      events.push({
        user_id: 'u',
        seq: events.length + 1,
        type: 'content.ready',
        data: { n: events.length + 1 },
      })
    }
    for (const wake of wakes) wake()
  }
  add(count)
  return {
    add,
    wakes,
    reads,
    source: {
      mayGoOn: async () => true,
      read: async (after: number, most: number) => {
        reads.push(after)
        return events.filter(({ seq }) => seq > after).slice(0, most)
      },
      hear: async (wake: () => void) => {
        wakes.add(wake)
        return () => void wakes.delete(wake)
      },
    },
  }
}

const open = (source: ReturnType<typeof library>['source'], after: number, limits = {}) => {
  let isClosed = false
  const stream = openStream(source, { after, closed: () => (isClosed = true) }, limits)
  const reader = stream.body.pipeThrough(new TextDecoderStream() as never).getReader()
  const next = async () => (await reader.read()) as { done: boolean; value?: string }
  return { stream, next, reader, isClosed: () => isClosed }
}

const ids = (text = '') => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))

describe('a stream of events', () => {
  test('begins after the number that the client has seen, and tells how soon to come back', async () => {
    const { next, reader } = open(library(5).source, 3)
    expect((await next()).value).toBe('retry: 2000\n\n')
    expect((await next()).value).toBe(
      'id: 4\nevent: content.ready\ndata: {"n":4}\n\nid: 5\nevent: content.ready\ndata: {"n":5}\n\n',
    )
    await reader.cancel()
  })

  test('goes on when something happens', async () => {
    const { source, add } = library()
    const { next, reader } = open(source, 0)
    await next()
    const coming = next()
    add(1)
    expect(ids((await coming).value)).toEqual([1])
    await reader.cancel()
  })

  test('gives all of many, in order and none twice', async () => {
    const { source } = library(1234)
    const { next, reader } = open(source, 0)
    await next()
    const seen: number[] = []
    while (seen.length < 1234) seen.push(...ids((await next()).value))
    expect(seen).toEqual(Array.from({ length: 1234 }, (_, i) => i + 1))
    await reader.cancel()
  })

  test('reads no further than its client does', async () => {
    const { source, reads } = library(10_000)
    const { stream } = open(source, 0)
    // Time enough for a stream that pushes to have read it all.
    for (let turn = 0; turn < 500; turn++) await new Promise(resolve => setImmediate(resolve))
    // What the stream itself and the decoder hold; a stream that pushes would have read a hundred times.
    expect(reads.length).toBeLessThan(5)
    stream.end()
  })

  test('says that it is still there when nothing happens', async () => {
    const { next, reader } = open(library().source, 0, { heartbeatMs: 5 })
    await next()
    expect((await next()).value).toBe(': still here\n\n')
    await reader.cancel()
  })

  test('finds what nobody told it of at its next heartbeat', async () => {
    const { source, add, wakes } = library()
    const { next, reader } = open(source, 0, { heartbeatMs: 5 })
    await next()
    wakes.clear()
    add(1)
    let text = ''
    while (ids(text).length === 0) text = (await next()).value ?? ''
    expect(ids(text)).toEqual([1])
    await reader.cancel()
  })

  test('stops listening when its client goes, when it is ended, and after its time', async () => {
    const gone = library()
    const first = open(gone.source, 0)
    await first.next()
    await first.reader.cancel()
    expect([gone.wakes.size, first.isClosed()]).toEqual([0, true])

    const ended = library()
    const second = open(ended.source, 0)
    await second.next()
    second.stream.end()
    while (!(await second.next()).done) {}
    expect([ended.wakes.size, second.isClosed()]).toEqual([0, true])

    const old = library()
    const third = open(old.source, 0, { heartbeatMs: 1, longestMs: 20 })
    while (!(await third.next()).done) {}
    expect([old.wakes.size, third.isClosed()]).toEqual([0, true])
  })

  test('ends when its client would not be let in any more, and tells nothing of then', async () => {
    const { source, add, wakes } = library()
    let mayGoOn = true
    const { next, isClosed } = open({ ...source, mayGoOn: async () => mayGoOn }, 0)
    await next()
    add(1)
    expect(ids((await next()).value)).toEqual([1])
    mayGoOn = false
    add(1)
    expect((await next()).done).toBe(true)
    expect([isClosed(), wakes.size]).toEqual([true, 0])
  })

  test('that cannot hear of anything ends, and says once that it is closed', async () => {
    for (const leaves of [false, true]) {
      let closings = 0
      const failing = Promise.withResolvers<() => void>()
      const source = { ...library(3).source, hear: () => failing.promise }
      const { body } = openStream(source, { after: 0, closed: () => void closings++ })
      const reader = body.getReader()
      expect((await reader.read()).done).toBe(false)
      if (leaves) await reader.cancel()
      failing.reject(new Error('LISTEN failed'))
      expect((await reader.read()).done).toBe(true)
      expect([leaves, closings]).toEqual([leaves, 1])
    }
  })

  test('whose client goes before it listens does not go on listening', async () => {
    const { source, wakes } = library()
    const listening = Promise.withResolvers<void>()
    const late = { ...source, hear: (wake: () => void) => listening.promise.then(() => source.hear(wake)) }
    const { body } = openStream(late, { after: 0, closed: () => {} })
    await body.cancel()
    listening.resolve()
    await new Promise(resolve => setImmediate(resolve))
    expect(wakes.size).toBe(0)
  })
})
