const LAG_EVERY_MS = 500

/** A timer that comes late tells how long the event loop was held: the most milliseconds since the last question. */
export function measureLag(): { longest: () => number; stop: () => void } {
  let longest = 0
  let due = performance.now() + LAG_EVERY_MS
  const look = () => {
    longest = Math.max(longest, performance.now() - due, 0)
  }
  const timer = setInterval(() => {
    look()
    due = performance.now() + LAG_EVERY_MS
  }, LAG_EVERY_MS)
  timer.unref()
  return {
    longest: () => {
      look()
      const found = longest
      longest = 0
      return found
    },
    stop: () => clearInterval(timer),
  }
}
