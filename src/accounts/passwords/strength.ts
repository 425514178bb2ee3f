// Which passwords are good enough.
import { clearTimeout, setTimeout } from 'node:timers'
import { invalidRequest } from '../../ground/http/problems.ts'
import { startThread, type Thread } from '../../ground/threads.ts'
import { SHORTEST_PASSWORD } from '../schema.ts'
import { tooBusy } from '../sign-in/turns.ts'
import type { Estimate } from './estimate.ts'
import type { EstimateRequest } from './strength-thread.ts'

const LEAST_SCORE = 2
/** After so long without work the thread ends, and gives its memory back. */
const IDLE_MS = 60_000
/** Who would wait for about three seconds is told to come back. */
const WAITING_MOST = 100

export interface Strength {
  /** Whether it may be somebody's password. */
  valid: boolean
  score: number
  feedback: string[]
}

/** How good a password is, for whoever has this email. @throws {Problem} 503 when too many are asked at once */
export async function strengthOf(password: string, email = ''): Promise<Strength> {
  // As it is hashed.
  const normal = password.normalize('NFC')
  const [local = ''] = email.split('@')
  const personal = [email, local].filter(Boolean)
  const { score, is_common, feedback } = await estimate({ password: normal, personal })
  const faults = [
    [...normal].length < SHORTEST_PASSWORD && `Use at least ${SHORTEST_PASSWORD} characters.`,
    personal.includes(normal.toLowerCase()) && 'Use something else than the email.',
    is_common && 'This is one of the passwords that are tried first.',
  ].filter(fault => fault !== false)
  const valid = faults.length === 0 && score >= LEAST_SCORE
  return { valid, score, feedback: [...faults, ...feedback] }
}

/**
 * Lets a password pass that is not easy to guess.
 * @param field of the body, where it was given
 * @throws {Problem} 422, or 503 when too many are asked at once
 */
export async function checkPassword(password: string, email: string, field = 'password'): Promise<void> {
  const { valid, feedback } = await strengthOf(password, email)
  if (valid) return
  const msg = ['is too easy to guess.', ...feedback].join(' ')
  throw invalidRequest({ field_errors: [{ loc: ['body', field], msg, type: 'password_strength' }] })
}

let thread: Thread<EstimateRequest, Estimate> | undefined
let idle: NodeJS.Timeout | undefined
let asked = 0

async function estimate(request: EstimateRequest): Promise<Estimate> {
  if (asked >= WAITING_MOST) throw tooBusy()
  clearTimeout(idle)
  thread ??= startThread(new URL('./strength-thread.ts', import.meta.url))
  asked++
  try {
    return await thread.call(request)
  } finally {
    if (--asked === 0) idle = setTimeout(endEstimates, IDLE_MS).unref()
  }
}

/** Ends the thread; the next question starts another one. */
export async function endEstimates(): Promise<void> {
  clearTimeout(idle)
  const ended = thread
  thread = undefined
  await ended?.close()
}
