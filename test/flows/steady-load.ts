// Clients that ask all the time, and write down what they were answered.
import { setTimeout as delay } from 'node:timers/promises'

const PAUSE_MS = 20
const PROBE_MS = 100

export interface Sample {
  what: string
  /** 0 when there was no answer: a reset, a refusal. */
  status: number
  isProblem: boolean
  retryAfter: string | null
  at: number
  ms: number
  fault?: string
}

export interface Load {
  samples: Sample[]
  /** Ids of the saves that were answered with 201. */
  acknowledged: Set<string>
  /** Every save is asked for until it is acknowledged, then all clients rest. */
  stop(): Promise<void>
}

interface Options {
  base: string
  token: string
  /** Asked for one after the other, each with a key of its own. */
  urls: Iterator<string>
  login: { email: string; password: string }
  savers?: number
  readers?: number
  /** Asks these, too, every 100 ms. */
  probes?: string[]
}

export function startLoad({ base, token, urls, login, savers = 2, readers = 3, probes = [] }: Options): Load {
  const samples: Sample[] = []
  const acknowledged = new Set<string>()
  let isOver = false
  const json = { 'content-type': 'application/json' }
  const own = { authorization: `Bearer ${token}` }

  const ask = async (what: string, path: string, init: RequestInit = {}) => {
    const at = performance.now()
    const note = (more: Partial<Sample>) =>
      samples.push({
        what,
        status: 0,
        isProblem: false,
        retryAfter: null,
        at,
        ms: performance.now() - at,
        ...more,
      })
    try {
      const answer = await fetch(base + path, init)
      const text = await answer.text()
      const { status, headers } = answer
      const isProblem = headers.get('content-type') === 'application/problem+json'
      note({ status, isProblem, retryAfter: headers.get('retry-after') })
      return { status, text }
    } catch (error) {
      note({ fault: `${(error as { code?: string }).code ?? ''} ${(error as Error).message}` })
      return { status: 0, text: '' }
    }
  }

  const read = async () => {
    while (!isOver) {
      await ask('read', '/v1/items?limit=5', { headers: own })
      await delay(PAUSE_MS)
    }
  }
  const signIn = async () => {
    while (!isOver) {
      await ask('login', '/v1/auth/login', { method: 'POST', headers: json, body: JSON.stringify(login) })
      await delay(10 * PAUSE_MS)
    }
  }
  const save = async () => {
    while (!isOver) {
      const body = JSON.stringify({ url: urls.next().value })
      const headers = { ...own, ...json, 'idempotency-key': crypto.randomUUID() }
      for (;;) {
        const { status, text } = await ask('save', '/v1/items', { method: 'POST', headers, body })
        await delay(PAUSE_MS)
        if (status !== 201) continue
        acknowledged.add(JSON.parse(text).save.id)
        break
      }
    }
  }
  const probe = async (path: string) => {
    while (!isOver) {
      await ask(path, path)
      await delay(PROBE_MS)
    }
  }
  const clients = [
    ...Array.from({ length: readers }, read),
    ...Array.from({ length: savers }, save),
    signIn(),
    ...probes.map(probe),
  ]
  return {
    samples,
    acknowledged,
    stop: async () => {
      isOver = true
      await Promise.all(clients)
    },
  }
}

/** How many answers there were of each kind, such as `read 200`. */
export function countAnswers(samples: Sample[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { what, status, fault } of samples) {
    const kind = `${what} ${fault ?? status}`
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}
