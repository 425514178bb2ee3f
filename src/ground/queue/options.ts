// How pg-boss keeps every queue of ours.
export const DEAD_LETTER = 'dead-letter'

/** A worker that is silent for this long has lost its jobs; the monitor looks every five seconds. */
export const HEARTBEAT_SECONDS = 20

export const QUEUE_OPTIONS = {
  notify: true,
  retryLimit: 8,
  retryDelay: 2,
  retryDelayMax: 600,
  retryBackoff: true,
  heartbeatSeconds: HEARTBEAT_SECONDS,
  expireInSeconds: 900,
  deadLetter: DEAD_LETTER,
}
