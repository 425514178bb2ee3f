// A page's main text, found in a thread: it takes longer than the event loop may be blocked.
import { startThread, type Thread } from '../../threads.ts'

/** Characters of HTML; what follows in a longer page is not looked at. */
const LONGEST_PAGE = 2_000_000
const TIMEOUT_MS = 10_000

export interface MainText {
  /** The main text of a page, or null: there is none, or it took more than ten seconds to look for it. */
  find(html: string): Promise<string | null>
  close(): Promise<void>
}

/** Starts no thread before the first page. A thread that does not answer in time is ended; the next page has a new one. */
export function openMainText(timeoutMs = TIMEOUT_MS): MainText {
  let thread: Thread<string, string | null> | undefined
  // One page at a time, so that the time of one is not spent waiting for another.
  let turn: Promise<unknown> = Promise.resolve()

  const close = async () => {
    const ending = thread
    thread = undefined
    await ending?.close()
  }

  async function ask(html: string): Promise<string | null> {
    thread ??= startThread(new URL('./main-text-thread.ts', import.meta.url))
    const timer = setTimeout(close, timeoutMs)
    try {
      return await thread.call(html.slice(0, LONGEST_PAGE))
    } catch {
      await close()
      return null
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    find: html => {
      const found = turn.then(() => ask(html))
      turn = found
      return found
    },
    close,
  }
}
