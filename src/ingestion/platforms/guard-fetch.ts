import type { Breakers } from '../../ground/breakers.ts'
import { FetchError, type FetchedPage, type FetchPage } from '../../ground/fetch/fetch.ts'

/** Carries an answer past the breaker as a failure. */
class BadAnswer extends Error {
  readonly page: FetchedPage
  constructor(page: FetchedPage) {
    super(`status ${page.status}`)
    this.page = page
  }
}

/**
 * `fetch` behind the breaker called `name`. No connection, no answer in time, 5xx and 429 count as failures; an
 * answer with such a status comes back as an answer all the same.
 * @throws {FetchError} or {BreakerOpen}
 */
export function guardFetch(fetch: FetchPage, breakers: Breakers, name: string): FetchPage {
  const ask = async (...asked: Parameters<FetchPage>) => {
    const page = await fetch(...asked)
    if (page.status >= 500 || page.status === 429) throw new BadAnswer(page)
    return page
  }
  return async (...asked) => {
    try {
      return await breakers.call(name, () => ask(...asked), isFailure)
    } catch (error) {
      if (error instanceof BadAnswer) return error.page
      throw error
    }
  }
}

function isFailure(error: Error): boolean {
  if (error instanceof FetchError) return error.reason === 'network' || error.reason === 'timeout'
  return error instanceof BadAnswer
}
