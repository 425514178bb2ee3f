// Guessing passwords. Wrong ones close an account to the network that they come from, and to nobody else; what comes
// for one account from everywhere is slowed down. Who guesses has no way to keep out who knows the password and asks
// from a network of their own.
import { createHmac } from 'node:crypto'
import type { Context } from '../../context.ts'
import { clientNetwork } from '../../ground/http/edge/client-address.ts'
import { type GiveBack, rateLimiter } from '../../ground/http/limits/rate-limit.ts'
import { rateLimitExceeded } from '../../ground/http/problems.ts'
import type { Answering } from '../../ground/http/route.ts'
import { perContext } from '../../ground/per-context.ts'
import { isKnownNetwork, rememberNetwork } from '../store.ts'
import { createBrake } from './brake.ts'

/** Past `login_account` an account gets a try in two seconds, from all networks together that it does not know. */
const PAUSE_MS = 2000
const WAITING_MOST = 20
/** Sign-ins to one account from one network that wait for each other. */
const LINE_MOST = 100

export interface Guesses {
  /**
   * Runs `check`, which looks whether a password is right, unless too many were wrong before. They are tried one by one
   * for an account and a network, and counted before they are tried, so that many at once gain nothing; what is right,
   * or was not tried after all, is taken off again.
   * @param account an email, or another name that no email can be
   * @param check gives undefined for a wrong password
   * @throws {Problem} 429 with `Retry-After`
   */
  judge<T>(
    request: Request,
    set: Answering,
    account: string,
    check: () => Promise<T | undefined>,
  ): Promise<T | undefined>
  /** What stands for an account and the network that a request comes from, for `rememberNetwork`. */
  pairOf(request: Request, account: string): string
}

/** That of this process. */
export const guesses = perContext((context: Context): Guesses => {
  const { config, database } = context
  const { sql } = database
  const limiter = rateLimiter(context)
  const brake = createBrake(PAUSE_MS, WAITING_MOST)
  const inLine = createLines()
  /** Neither what somebody typed as an email nor where they are is kept. */
  const hide = (text: string) =>
    createHmac('sha256', config.JWT_SECRET_KEY!).update(`sign-in\0${text}`).digest('base64url')
  const pairOf = (request: Request, account: string) => hide(`${account}\0${clientNetwork(request)}`)

  /** Counts a try wherever it counts, and waits where too many were wrong. `counted` is what to take back. */
  async function count(
    request: Request,
    set: Answering,
    account: string,
    counted: GiveBack[],
  ): Promise<void> {
    const pair = pairOf(request, account)
    counted.push(await limiter.count('login', pair, set))
    // Who signed in from here before answers only for what is tried from here, for this account.
    if (await isKnownNetwork(sql, pair)) return
    const network = clientNetwork(request)
    const ofNetwork = await limiter.tryCount('login_address', network)
    counted.push(ofNetwork ?? (await limiter.count('login_address', network, set)))
    const giveBack = await limiter.tryCount('login_account', hide(account))
    if (giveBack) counted.push(giveBack)
    else await brake(hide(account))
  }

  async function tryOne<T>(
    request: Request,
    set: Answering,
    account: string,
    check: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const counted: GiveBack[] = []
    let result: T | undefined
    let isWrong = false
    try {
      await count(request, set, account, counted)
      result = await check()
      isWrong = result === undefined
    } finally {
      // The headers are those of what was counted first.
      if (!isWrong)
        for (const giveBack of counted.reverse()) await giveBack(result === undefined ? undefined : set)
    }
    return result
  }

  return {
    pairOf,
    judge: async (request, set, account, check) => {
      const pair = pairOf(request, account)
      const result = config.RATE_LIMIT_ENABLED
        ? await inLine(pair, () => tryOne(request, set, account, check))
        : await check()
      if (result !== undefined) await rememberNetwork(sql, pair)
      return result
    },
  }
})

/** Runs what has one name one after the other. */
function createLines(): <T>(name: string, work: () => Promise<T>) => Promise<T> {
  const lines = new Map<string, { end: Promise<unknown>; length: number }>()

  return async (name, work) => {
    const line = lines.get(name) ?? { end: Promise.resolve(), length: 0 }
    if (line.length >= LINE_MOST) {
      throw rateLimitExceeded({
        detail: 'Too many sign-ins at once. Try again in 5 seconds.',
        retry_after: 5,
      })
    }
    line.length++
    lines.set(name, line)
    const mine = line.end.then(work)
    line.end = mine.catch(() => {})
    try {
      return await mine
    } finally {
      if (--line.length === 0) lines.delete(name)
    }
  }
}
