// What this process works on, and whose turn it is.
import type { Context } from '../context.ts'
import type { AnyJob } from './job.ts'

/** A job that this process works on. */
export class Working {
  readonly job: AnyJob
  readonly context: Context
  /** pg-boss' names of the workers. */
  readonly sets: string[] = []
  #running = 0
  #turn: Promise<void> | undefined
  #endTurn = () => {}

  constructor(job: AnyJob, context: Context) {
    this.job = job
    this.context = context
  }

  /** Runs what a worker has claimed, after a run that took its turn first. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    this.#running++
    try {
      await this.#turn
      return await work()
    } finally {
      this.#running--
    }
  }

  /** Takes the turn for a run beside the workers. @returns whether nothing else runs or waits */
  tryTake(): boolean {
    if (this.#running > 0 || this.#turn) return false
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#turn = promise
    this.#endTurn = resolve
    return true
  }

  /** Resolves when a turn that was taken has ended. */
  async untilFree(): Promise<void> {
    await this.#turn
  }

  /** Ends a turn that was taken. */
  release(): void {
    this.#turn = undefined
    this.#endTurn()
  }
}
