// Pages are read in threads, each page in its time and its memory: one that is made to be slow harms itself alone.
// What was measured stands in docs/decisions/0014-pages-are-read-in-threads.md.
import process from 'node:process'
import { setTimeout } from 'node:timers'
import { startThread, type WorkerThread } from '../../../ground/threads.ts'
import { fairTurns } from './fair-turns.ts'
import type { About, Reading, ReadingRequest, Readings } from './page-readings.ts'

export interface ReaderLimits {
  threads: number
  /** Threads that were given up, but run on: the runtime could not end them yet. */
  most_given_up: number
  /** From when a thread begins with a page. */
  page_ms: number
  main_text_ms: number
  memory_mb: number
  /** After so long without work a thread ends. */
  idle_ms: number
}

export const READER_LIMITS: ReaderLimits = {
  threads: 2,
  most_given_up: 2,
  page_ms: 3_000,
  main_text_ms: 10_000,
  memory_mb: 256,
  idle_ms: 60_000,
}

/** How often time and memory are looked at. Most pages are read before that. */
const LOOK_MS = 50
const LATE = 'The page could not be read in time.'
const TOO_LARGE = 'The page takes too much memory to read.'
const BUSY = 'Too many pages could not be read in time. Trove goes on when their threads have ended.'
const CLOSED = 'Trove is stopping.'

/** A page that was not read. `permanent`: it would not be another time either. */
export class UnreadablePage extends Error {
  readonly permanent: boolean
  constructor(message: string, permanent: boolean) {
    super(message)
    this.name = 'UnreadablePage'
    this.permanent = permanent
  }
}

/** Does a reading of page-readings.ts with the page that was given. */
export type Read = <R extends Reading>(reading: R, ...about: About<R>) => Promise<ReturnType<Readings[R]>>

export interface PageReader {
  /**
   * Gives `page` to a thread, and lets `ask` read it there. The time of a reading begins when the thread does; `asker` is
   * on whose behalf it is read: nobody has more than one thread, and askers take turns.
   * @throws {UnreadablePage} as `read` does, or what `ask` throws
   */
  open<T>(page: string, asker: string | undefined, ask: (read: Read) => Promise<T>): Promise<T>
  /** What is being read or waits is rejected. Does not wait for a thread that does not end. */
  close(): Promise<void>
}

export type PageThread = WorkerThread<ReadingRequest, unknown>

export const startPageThread = (memoryMb: number): PageThread =>
  startThread(new URL('./page-thread.ts', import.meta.url), undefined, memoryMb)

/** Starts no thread before the first page. */
export function createPageReader(
  change: Partial<ReaderLimits> = {},
  start: (memoryMb: number) => PageThread = startPageThread,
): PageReader {
  const limits = { ...READER_LIMITS, ...change }
  const idle: { thread: PageThread; end: ReturnType<typeof setTimeout> }[] = []
  const busy = new Set<PageThread>()
  let givenUp = 0
  let isClosed = false
  const takeTurn = fairTurns(
    // With no thread left a turn is given all the same, to be told so.
    () => Math.max(1, Math.min(limits.threads, limits.threads + limits.most_given_up - givenUp)),
    Math.max(1, limits.threads - 1),
  )

  function takeThread(): PageThread {
    const warm = idle.pop()
    if (warm) clearTimeout(warm.end)
    else if (givenUp >= limits.threads + limits.most_given_up) throw new UnreadablePage(BUSY, false)
    // The process is looked at before: Deno would stop the thread without a word, and nobody could tell why.
    const thread = warm?.thread ?? start(2 * limits.memory_mb)
    busy.add(thread)
    return thread
  }

  function keep(thread: PageThread): void {
    busy.delete(thread)
    const end = setTimeout(() => {
      idle.splice(
        idle.findIndex(other => other.thread === thread),
        1,
      )
      void thread.close()
    }, limits.idle_ms).unref()
    idle.push({ thread, end })
  }

  function giveUp(thread: PageThread): void {
    busy.delete(thread)
    givenUp++
    void thread.ended.then(() => givenUp--)
    void thread.close()
  }

  /** With a turn. */
  async function openNow<T>(page: string, ask: (read: Read) => Promise<T>): Promise<T> {
    if (isClosed) throw new UnreadablePage(CLOSED, false)
    const thread = takeThread()
    let isGivenUp = false
    const read = async <R extends Reading>(reading: R, ...about: About<R>) => {
      const ms = reading === 'main_text' ? limits.main_text_ms : limits.page_ms
      try {
        return (await watch(thread.call({ reading, about }), ms, limits.memory_mb)) as ReturnType<Readings[R]>
      } catch (error) {
        isGivenUp ||= error instanceof UnreadablePage
        throw error
      }
    }
    try {
      // A new thread answers when it is there.
      await thread.call({ page })
      return await ask(read)
    } catch (error) {
      throw isClosed ? new UnreadablePage(CLOSED, false) : error
    } finally {
      if (isGivenUp || thread.isDead()) giveUp(thread)
      else keep(thread)
    }
  }

  return {
    async open(page, asker = '', ask) {
      const done = await takeTurn(asker)
      try {
        return await openNow(page, ask)
      } finally {
        done()
      }
    },
    async close() {
      isClosed = true
      for (const thread of busy) void thread.close()
      const ending = idle.splice(0).map(({ thread, end }) => {
        clearTimeout(end)
        return thread.close()
      })
      await Promise.all(ending)
    },
  }
}

/**
 * Resolves as `answer` does.
 * @throws {UnreadablePage} when it takes longer than `ms`, or the process has grown by `mb` meanwhile
 */
async function watch<T>(answer: Promise<T>, ms: number, mb: number): Promise<T> {
  const { promise: tooMuch, reject } = Promise.withResolvers<never>()
  const before = process.memoryUsage.rss()
  let left = ms
  let last = performance.now()
  const look = setInterval(() => {
    const now = performance.now()
    // A process that was held up has not given the thread that time, or has not heard its answer yet.
    left -= Math.min(now - last, 2 * LOOK_MS)
    last = now
    if (left <= 0) reject(new UnreadablePage(LATE, true))
    else if (process.memoryUsage.rss() - before > mb * 1e6) reject(new UnreadablePage(TOO_LARGE, true))
  }, LOOK_MS)
  try {
    return await Promise.race([answer, tooMuch])
  } finally {
    clearInterval(look)
  }
}
