// Why the provider gave no answer. Messages hold no text of the provider's: it may repeat a key or a private text.
import type { APIError } from 'openai'

/** The provider failed, or refused the request itself. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError'
  /** Of HTTP; undefined when there was no answer at all. */
  readonly status: number | undefined
  constructor(what: string, status?: number) {
    super(`The model provider ${what}`)
    this.status = status
  }
}

/** The provider answered, but nothing of it can be used. */
export class NonsenseError<T> extends Error {
  override readonly name = 'NonsenseError'
  /** What is wrong, an entry an item. */
  readonly outcomes: T[]
  constructor(problem: string, outcomes: T[]) {
    super(`The model provider's answer is wrong: ${problem}`)
    this.outcomes = outcomes
  }
}

/** The provider will not take this request, however often it is asked; another one it may. */
export const isBadRequest = (error: unknown): error is ProviderError =>
  error instanceof ProviderError && [400, 413, 422].includes(error.status ?? 0)

/** Codes and parameters of the provider are named when they look like names. */
const NAME = /^[a-z][a-z0-9_.]{0,60}$/

/** @param timedOut whether the time was up, in seconds */
export function toProviderError(error: unknown, timedOut: number | undefined): ProviderError {
  if (timedOut !== undefined) return new ProviderError(`did not answer within ${timedOut} seconds`)
  if (error instanceof SyntaxError) return new ProviderError('answered something that is not JSON')
  const { status, code, type, param } = error as Partial<APIError>
  if (typeof status !== 'number') return new ProviderError('could not be reached, or cut the connection')
  const names = [code ?? type, param].filter(name => typeof name === 'string' && NAME.test(name))
  return new ProviderError(`answered ${status}${names.length > 0 ? ` (${names.join(', ')})` : ''}`, status)
}
