/** Calls `act` once, `ms` after the first of however many calls. */
export function throttle(ms: number, act: () => void): () => void {
  let isWaiting = false
  return () => {
    if (isWaiting) return
    isWaiting = true
    setTimeout(() => {
      isWaiting = false
      act()
    }, ms).unref()
  }
}
