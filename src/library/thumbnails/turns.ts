// Who is served next, so that nobody's slow pictures hold up those of others.

export interface Rules {
  atOnce: number
  /** Of one host, for one network. */
  perHost?: number
  /** How many may wait. */
  line: number
}

/** A place in the line. */
export interface Place {
  /** Resolves with what ends the turn, or with undefined when the place was left. Rejects with {@link LineIsFull}. */
  turn: Promise<(() => void) | undefined>
  /** Gives up waiting. Does nothing to a turn that has begun. */
  leave(): void
}

export class LineIsFull extends Error {}

interface Waiting {
  network: string
  /** Of this network. */
  host: string
  begin(): void
  refuse(): void
}

/**
 * Turns by the network that asks. The one that was served longest ago is next, and has as many at once as would be left
 * free: half of all when it is alone, a third when there are two; so a newcomer finds a free turn however many the
 * others hold. Within a network the newest is next: what was asked before is most likely out of sight by now. When the
 * line is full, whoever has the most in it loses their oldest place.
 * @see A. K. Choudhury and E. L. Hahne, "Dynamic queue length thresholds for shared-memory packet switches" (1998)
 */
export function createTurns({ atOnce, perHost = atOnce, line }: Rules) {
  const waiting: Waiting[] = []
  const networks = new Map<string, { running: number; waiting: number; served: number }>()
  const hosts = new Map<string, number>()
  let running = 0
  let served = 0

  const isFree = ({ network, host }: Waiting) =>
    networks.get(network)!.running < atOnce - running && (hosts.get(host) ?? 0) < perHost

  /** Lets everybody begin who may. */
  function proceed(): void {
    for (;;) {
      let next: Waiting | undefined
      for (const place of waiting) {
        if (!isFree(place)) continue
        if (!next || networks.get(place.network)!.served <= networks.get(next.network)!.served) next = place
      }
      if (!next) return
      remove(next)
      next.begin()
    }
  }

  function remove(place: Waiting): boolean {
    const at = waiting.indexOf(place)
    if (at < 0) return false
    waiting.splice(at, 1)
    networks.get(place.network)!.waiting--
    return true
  }

  function forget(name: string): void {
    const network = networks.get(name)
    if (network && network.running + network.waiting === 0) networks.delete(name)
  }

  function makeRoom(): void {
    const [longest] = [...networks].sort(([, a], [, b]) => b.waiting - a.waiting)
    const oldest = waiting.find(({ network }) => network === longest![0])!
    remove(oldest)
    oldest.refuse()
    forget(oldest.network)
  }

  return function enter(name: string, hostName = ''): Place {
    const { promise, resolve, reject } = Promise.withResolvers<(() => void) | undefined>()
    const network = networks.get(name) ?? { running: 0, waiting: 0, served: 0 }
    networks.set(name, network)
    const host = `${name} ${hostName}`
    const place: Waiting = {
      network: name,
      host,
      begin() {
        running++
        network.running++
        network.served = ++served
        hosts.set(host, (hosts.get(host) ?? 0) + 1)
        let isOver = false
        resolve(() => {
          if (isOver) return
          isOver = true
          running--
          network.running--
          if (hosts.get(host) === 1) hosts.delete(host)
          else hosts.set(host, hosts.get(host)! - 1)
          forget(name)
          proceed()
        })
      },
      refuse: () => reject(new LineIsFull('Too many pictures wait')),
    }
    waiting.push(place)
    network.waiting++
    proceed()
    if (waiting.length > line) makeRoom()
    return {
      turn: promise,
      leave() {
        if (!remove(place)) return
        resolve(undefined)
        forget(name)
      },
    }
  }
}
