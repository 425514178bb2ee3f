// What an admin sets while Trove runs, as this process knows it. A change is heard of by LISTEN.
import * as v from 'valibot'
import type { Ground } from '../ground.ts'
import { perContext } from '../per-context.ts'
import { readSettings, SETTINGS_CHANNEL } from './store.ts'

/** A process that hears nothing looks by itself after so long. */
const LOOK_AGAIN_MS = 30_000

type Values = Record<string, unknown>

export interface Setting<Value> {
  key: string
  /** What it may be. */
  rule: v.GenericSchema<Value>
  /** Its value among those that were read; undefined where it is not set. */
  of(values: Values): Value | undefined
}

/** Declares a setting. Whoever uses it says what holds while it is not set. */
export const defineSetting = <Value extends string | number>(
  key: string,
  rule: v.GenericSchema<Value>,
): Setting<Value> => ({
  key,
  rule,
  // A version of Trove with other bounds may have written it.
  of: ({ [key]: value }) => (v.is(rule, value) ? value : undefined),
})

/** A whole number of a setting. */
export const settingNumber = (least: number, most: number) =>
  v.pipe(
    v.number(),
    v.integer('must be a whole number'),
    v.minValue(least, `must be at least ${least}`),
    v.maxValue(most, `must be at most ${most}`),
  )

export interface LiveSettings {
  /** What is set, as far as this process knows. */
  now(): Values
  /** Reads what is set by now, and listens from then on. @throws when the database does not answer */
  load(): Promise<void>
}

export const liveSettings = perContext(({ database, log }: Ground): LiveSettings => {
  let values: Values = {}
  let lookedAt = Number.NEGATIVE_INFINITY
  let isListening = false
  let isStale = false
  let reading: Promise<void> | undefined

  const failed = (error: unknown) => log.warn('Settings cannot be read', { error })
  const heard = () => void read().catch(failed)

  function listen(): void {
    if (isListening) return
    isListening = true
    // After a lost connection postgres.js listens again; what happened in between nobody told us.
    database.direct.listen(SETTINGS_CHANNEL, heard, heard).catch(error => {
      isListening = false
      log.warn('Changes of settings cannot be heard', { error })
    })
  }

  async function readWhileStale(): Promise<void> {
    try {
      while (isStale) {
        isStale = false
        values = (await readSettings(database.sql)).values
      }
    } finally {
      reading = undefined
    }
  }

  /** One reading at a time. What is told while one is under way may be missing in it, so another follows. */
  function read(): Promise<void> {
    isStale = true
    lookedAt = performance.now()
    reading ??= readWhileStale()
    return reading
  }

  async function load(): Promise<void> {
    listen()
    await read()
  }

  return {
    now: () => {
      if (performance.now() - lookedAt > LOOK_AGAIN_MS) {
        lookedAt = performance.now()
        load().catch(failed)
      }
      return values
    },
    load,
  }
})

/** What a setting is in this process now; undefined where it is not set. */
export const settingNow = <Value>(ground: Ground, setting: Setting<Value>): Value | undefined =>
  setting.of(liveSettings(ground).now())
