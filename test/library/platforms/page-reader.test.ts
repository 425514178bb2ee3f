import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import {
  createPageReader,
  type PageThread,
  startPageThread,
  UnreadablePage,
} from '../../../src/library/platforms/page-reader.ts'
import { startThread } from '../../../src/threads.ts'

// A busy machine has little time for threads.
setDefaultTimeout(60_000)

const page = (html: string) => ({ html, url: 'https://example.com/', asked: 'https://example.com/' })
const QUICK = page('<title>Quick</title>')
const LONG = `<title>Long</title>${'<p>The water takes what it is owed.</p>'.repeat(8_000)}`
const failure = (reading: Promise<unknown>) =>
  reading.then(
    () => undefined,
    (error: UnreadablePage) => error,
  )

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
const startStuck = () =>
  startThread<never, unknown>(new URL('../../support/stuck-thread.ts', import.meta.url))

describe('the reader of pages', () => {
  test('starts no thread before the first page, and reads one after the other in the same', async () => {
    const { reader, started } = counted()
    expect(started).toHaveLength(0)
    for (let i = 0; i < 3; i++)
      expect(await reader.read('web_page', QUICK)).toMatchObject({ found: { title: 'Quick' } })
    expect(started).toHaveLength(1)
    await reader.close()
    await started[0]!.ended
  })

  test('ends a thread that has had nothing to do for a while', async () => {
    const { reader, started } = counted({ idle_ms: 10 })
    await reader.read('web_page', QUICK)
    await started[0]!.ended
    expect(await reader.read('web_page', QUICK)).toMatchObject({ found: { title: 'Quick' } })
    expect(started).toHaveLength(2)
    await reader.close()
  })

  test('gives up a page that takes too long, for good, and reads the next one in another thread', async () => {
    const { reader, started } = counted({ main_text_ms: 1 })
    const error = await failure(reader.read('main_text', LONG))
    expect(error).toBeInstanceOf(UnreadablePage)
    expect(error).toMatchObject({ message: 'The page could not be read in time.', permanent: true })
    expect(await reader.read('web_page', QUICK)).toMatchObject({ found: { title: 'Quick' } })
    expect(started).toHaveLength(2)
    await started[0]!.ended
    await reader.close()
  })

  test('gives up a page that takes too much memory', async () => {
    const { reader } = counted({ memory_mb: 20 }, () => startPageThread(1_000))
    const error = await failure(reader.read('main_text', LONG.repeat(2)))
    expect(error).toMatchObject({ message: 'The page takes too much memory to read.', permanent: true })
    await reader.close()
  })

  test('reads for others while somebody’s page takes its time', async () => {
    const { reader } = counted({ main_text_ms: 60_000 })
    const order: string[] = []
    const read = (name: string, reading: Promise<unknown>) => reading.finally(() => order.push(name))
    const slow = [1, 2].map(() => read('slow', reader.read('main_text', LONG, 'mallory')))
    await read('quick', reader.read('web_page', QUICK, 'alice'))
    expect(order).toEqual(['quick'])
    await Promise.all(slow)
    await reader.close()
  })

  test('goes on when threads do not end, as long as they are few, and again when they have ended', async () => {
    const { reader, started } = counted({ page_ms: 1 }, startStuck)
    const errors = []
    for (let i = 0; i < 5; i++) errors.push(await failure(reader.read('web_page', QUICK)))
    expect(started).toHaveLength(4)
    expect(errors.map(error => error?.permanent)).toEqual([true, true, true, true, false])
    await Promise.all(started.map(({ ended }) => ended))
    expect(await failure(reader.read('web_page', QUICK))).toMatchObject({ permanent: true })
    expect(started).toHaveLength(5)
    await reader.close()
    await started[4]!.ended
  })

  test('rejects what it reads, and what waits, when it is closed', async () => {
    const { reader } = counted({ main_text_ms: 60_000 })
    await reader.read('web_page', QUICK)
    const readings = [1, 2, 3].map(() => failure(reader.read('main_text', LONG)))
    await reader.close()
    for (const error of await Promise.all(readings)) {
      expect(error).toMatchObject({ message: 'Trove is stopping.', permanent: false })
    }
  })
})
