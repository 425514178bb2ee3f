const MINUTE = 60
const HOUR = 60 * MINUTE

/** Seconds between one try and the next: twelve tries over about three days. */
const PAUSES = [
  ...[5, 30, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE],
  ...[HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR, 24 * HOUR],
]

/** A receiver that comes back is not met by everything at once. */
const JITTER = 0.2

/** The longest that a receiver may put off the next try. */
const LONGEST_ASKED = 24 * HOUR

/**
 * Seconds until the next try, whole and at most a fifth more or less than planned; undefined when there is none.
 * @param failed how many tries of this round have failed, from 1
 * @param asked seconds for which the receiver wants to be left alone: the next try is never before, up to a day, and
 * up to a fifth later
 * @param random from 0 to 1
 */
export function secondsToNextTry(failed: number, asked = 0, random = Math.random()): number | undefined {
  const pause = PAUSES[failed - 1]
  const planned = pause && Math.round(pause * (1 + JITTER * (2 * random - 1)))
  return planned && Math.max(planned, Math.ceil(Math.min(asked * (1 + JITTER * random), LONGEST_ASKED)))
}
