import { setTimeout as delay } from 'node:timers/promises'

/**
 * Sleeps as long as the work since `began` took, so that background work uses at most half of the event loop and leaves the
 * rest to requests.
 * @param began by `performance.now()`
 */
export const leaveHalf = (began: number): Promise<void> => delay(performance.now() - began)
