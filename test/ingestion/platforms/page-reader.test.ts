import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { startThread } from '../../../src/ground/threads.ts'
import {
  createPageReader,
  type PageReader,
  type PageThread,
  startPageThread,
  UnreadablePage,
} from '../../../src/ingestion/platforms/pages/page-reader.ts'

// A busy machine has little time for threads.
setDefaultTimeout(60_000)

const ADDRESS = { url: 'https://example.com/', asked: 'https://example.com/' }
const LONG = `<title>Long</title>${'<p>The water takes what it is owed.</p>'.repeat(8_000)}`
const failure = (reading: Promise<unknown>) =>
  reading.then(
    () => undefined,
    (error: UnreadablePage) => error,
  )

const quick = (reader: PageReader, asker?: string) =>
  reader.open('<title>Quick</title>', asker, read => read('web_page', ADDRESS))
const mainText = (reader: PageReader, page: string, asker?: string) =>
  reader.open(page, asker, read => read('main_text'))

/** A reader whose threads are counted. */
function counted(...[limits, start = startPageThread]: Parameters<typeof createPageReader>) {
  const started: PageThread[] = []
  const reader = createPageReader(limits, memoryMb => {
    const thread = start(memoryMb)
    started.push(thread)
    return thread
  })
  return { reader, started }
}
/** Hangs in a pattern, where Bun cannot stop it. */
const startHanging = (): PageThread =>
  startThread(new URL('../../support/stuck-thread.ts', import.meta.url)) as PageThread
/** Never answers, and ends when it is told to. */
function neverEnding() {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  const thread = {
    call: (request: object) => ('reading' in request ? new Promise(() => {}) : Promise.resolve()),
    close: async () => {},
    ended,
    isDead: () => false,
  }
  return { thread, end }
}

describe('the reader of pages', () => {
  test('starts no thread before the first page, and reads one after the other in the same', async () => {
    const { reader, started } = counted()
    expect(started).toHaveLength(0)
    for (let i = 0; i < 3; i++) expect(await quick(reader)).toMatchObject({ found: { title: 'Quick' } })
    expect(started).toHaveLength(1)
    await reader.close()
    await started[0]!.ended
  })

  test('ends a thread that has had nothing to do for a while', async () => {
    const { reader, started } = counted({ idle_ms: 10 })
    await quick(reader)
    await started[0]!.ended
    expect(await quick(reader)).toMatchObject({ found: { title: 'Quick' } })
    expect(started).toHaveLength(2)
    await reader.close()
  })

  test('gives up a page that takes too long, for good, and reads the next one in another thread', async () => {
    const { reader, started } = counted({ main_text_ms: 1 })
    const error = await failure(mainText(reader, LONG))
    expect(error).toBeInstanceOf(UnreadablePage)
    expect(error).toMatchObject({ message: 'The page could not be read in time.', permanent: true })
    expect(await quick(reader)).toMatchObject({ found: { title: 'Quick' } })
    expect(started).toHaveLength(2)
    await started[0]!.ended
    await reader.close()
  })

  test('gives up a page that takes too much memory', async () => {
    const { thread, end } = neverEnding()
    // Whatever else this process gives back meanwhile, it has grown by more than that.
    const { reader } = counted({ memory_mb: -1_000_000 }, () => thread as PageThread)
    const error = await failure(mainText(reader, LONG))
    expect(error).toMatchObject({ message: 'The page takes too much memory to read.', permanent: true })
    end()
    await reader.close()
  })

  test('reads for others while somebody’s page takes its time', async () => {
    const { reader } = counted({ main_text_ms: 60_000 })
    const order: string[] = []
    const read = (name: string, reading: Promise<unknown>) => reading.finally(() => order.push(name))
    const slow = [1, 2].map(() => read('slow', mainText(reader, LONG, 'mallory')))
    await read('quick', quick(reader, 'alice'))
    expect(order).toEqual(['quick'])
    await Promise.all(slow)
    await reader.close()
  })

  test('does not wait for a thread that hangs', async () => {
    const { reader, started } = counted({ page_ms: 200 }, memoryMb =>
      started.length === 0 ? startHanging() : startPageThread(memoryMb),
    )
    expect(await failure(quick(reader))).toMatchObject({ permanent: true })
    expect(await quick(reader)).toMatchObject({ found: { title: 'Quick' } })
    await started[0]!.ended
    await reader.close()
  })

  test('goes on when threads do not end, as long as they are few, and again when they have ended', async () => {
    const threads = Array.from({ length: 5 }, neverEnding)
    const { reader, started } = counted({ page_ms: 1 }, () => threads[started.length]!.thread)
    const errors = []
    for (let i = 0; i < 5; i++) errors.push(await failure(quick(reader)))
    expect(started).toHaveLength(4)
    expect(errors.map(error => error?.permanent)).toEqual([true, true, true, true, false])
    threads[0]!.end()
    await threads[0]!.thread.ended
    expect(await failure(quick(reader))).toMatchObject({ permanent: true })
    expect(started).toHaveLength(5)
  })

  test('rejects what it reads, and what waits, when it is closed', async () => {
    const { reader } = counted({ main_text_ms: 60_000 })
    await quick(reader)
    const readings = [1, 2, 3].map(() => failure(mainText(reader, LONG)))
    await reader.close()
    for (const error of await Promise.all(readings)) {
      expect(error).toMatchObject({ message: 'Trove is stopping.', permanent: false })
    }
  })
})
