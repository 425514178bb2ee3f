/**
 * What `work` gives, if it does so within `ms` milliseconds. Only the waiting ends: the work goes on.
 * @throws what `late` makes, when it takes longer
 */
export async function inTime<T>(work: Promise<T>, ms: number, late: () => Error): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(late()), ms)
  return Promise.race([work, promise]).finally(() => clearTimeout(timer))
}
