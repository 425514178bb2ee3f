import { setTimeout as delay } from 'node:timers/promises'

/**
 * Waits for as long as what has been done since `began`: work of the event loop that nobody waits for leaves half of the
 * time to requests.
 * @param began by `performance.now()`
 */
export const leaveHalf = (began: number): Promise<void> => delay(performance.now() - began)
