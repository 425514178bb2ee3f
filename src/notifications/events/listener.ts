// One LISTEN a process, however many streams: it tells each stream when there may be something new for its user.
import type { Database } from '../../ground/database/connection.ts'
import type { Log } from '../../ground/log/log.ts'
import { EVENT_CHANNEL } from './store.ts'

export interface Listener {
  /**
   * Calls `wake` whenever something may have happened to the user, until the returned function is called.
   * The first call connects, and resolves when it listens: what is committed after that is heard of.
   */
  hear(userId: string, wake: () => void): Promise<() => void>
}

export function createListener({ direct }: Database, log: Log): Listener {
  const waiting = new Map<string, Set<() => void>>()
  let listening: Promise<unknown> | undefined

  const wakeAll = () => {
    for (const wakes of waiting.values()) for (const wake of wakes) wake()
  }
  const heard = (users: string) => {
    for (const user of users.split(',')) for (const wake of waiting.get(user) ?? []) wake()
  }
  // After a lost connection postgres.js listens again; what happened in between nobody told us.
  const listen = () => direct.listen(EVENT_CHANNEL, heard, wakeAll)

  return {
    async hear(userId, wake) {
      listening ??= listen().catch(error => {
        log.warn('Events of other processes cannot be heard', { error })
        listening = undefined
        throw error
      })
      await listening
      const wakes = waiting.get(userId) ?? new Set()
      waiting.set(userId, wakes.add(wake))
      return () => {
        wakes.delete(wake)
        if (wakes.size === 0 && waiting.get(userId) === wakes) waiting.delete(userId)
      }
    },
  }
}
