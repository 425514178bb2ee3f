import { isBadRequest } from './errors.ts'

/**
 * Asks for all at once. Where the provider refuses the request itself, asks for each half, until what it can't take
 * stands alone: at most about four calls for every doubling of `all`, then the rest gets the error.
 * @param ask one result an item; `isPart` from the second call on
 * @param alone what becomes of an item that is refused by itself
 */
export async function askInHalves<T, R>(
  all: T[],
  ask: (some: T[], isPart: boolean) => Promise<(R | Error)[]>,
  alone: (item: T, error: Error) => Promise<R | Error>,
): Promise<(R | Error)[]> {
  let refusalsLeft = 2 * Math.ceil(Math.log2(all.length + 1)) + 2

  const askFor = async (some: T[], isPart: boolean): Promise<(R | Error)[]> => {
    try {
      return await ask(some, isPart)
    } catch (thrown) {
      const error = thrown as Error
      if (!isBadRequest(error)) return some.map(() => error)
      if (some.length === 1) return [await alone(some[0]!, error)]
      if (--refusalsLeft <= 0) return some.map(() => error)
      const middle = Math.ceil(some.length / 2)
      return [...(await askFor(some.slice(0, middle), true)), ...(await askFor(some.slice(middle), true))]
    }
  }
  return askFor(all, false)
}
