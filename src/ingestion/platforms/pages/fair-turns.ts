/** Waits for a turn. What it gives is called when the work is done. */
export type TakeTurn = (asker: string) => Promise<() => void>

/**
 * Turns for at most `atOnce()` works at a time, and of one asker for at most `ofOne`. Askers come one after the other,
 * each with what has waited longest: who has much waits for himself.
 */
export function fairTurns(atOnce: () => number, ofOne: number): TakeTurn {
  const lines = new Map<string, (() => void)[]>()
  const running = new Map<string, number>()
  let all = 0

  function begin(): void {
    for (const [asker, line] of lines) {
      if (all >= atOnce()) return
      const own = running.get(asker) ?? 0
      if (own >= ofOne) continue
      running.set(asker, own + 1)
      all++
      // What else this asker wants comes after the others.
      lines.delete(asker)
      line.shift()!()
      if (line.length > 0) lines.set(asker, line)
    }
  }

  function end(asker: string): void {
    all--
    const own = running.get(asker)! - 1
    if (own > 0) running.set(asker, own)
    else running.delete(asker)
    begin()
  }

  return asker =>
    new Promise(resolve => {
      const line = lines.get(asker) ?? []
      line.push(() => resolve(() => end(asker)))
      lines.set(asker, line)
      begin()
    })
}
