// What this process works on of one job: which runs are under way, what waits for its lane, and when more may be claimed.
import type { Bound } from './job.ts'
import type { Claim } from './running/try.ts'

/** Where a claimed job waits and runs, and whose it is. */
interface Place {
  lane: string
  group: string | undefined
}

export interface WorkingDeps {
  /** Runs claimed jobs together, to their end. Never rejects. */
  run(working: Working, claims: Claim[]): Promise<void>
  /** There may be something to claim that could not be claimed before. */
  lookAgain(): void
}

export class Working {
  readonly handler: Bound
  readonly #deps: WorkingDeps
  /** All that is claimed here and not settled yet: what a heartbeat is for. */
  readonly held = new Set<Claim>()
  /** Of each lane that runs, what waits until that run has ended. */
  readonly #lanes = new Map<string, Claim[]>()
  readonly #heldByGroup = new Map<string, number>()
  /** So many are claimed at once. */
  readonly #most: number
  #runs = 0
  #waiters: (() => void)[] = []

  constructor(handler: Bound, deps: WorkingDeps) {
    const { job } = handler
    this.handler = handler
    this.#deps = deps
    this.#most = (job.concurrency ?? 1) * (job.batchSize ?? 1)
  }

  /**
   * Takes over claimed jobs: each lane's run together as soon as the lane and one of the job's runs are free.
   * Resolves when all have begun or wait for their lane, and one more run could begin.
   */
  async take(claims: Claim[]): Promise<void> {
    for (const claim of claims) this.#hold(claim)
    const lanes = Map.groupBy(claims, claim => this.#placeOf(claim.data).lane)
    for (const [lane, mine] of lanes) {
      if (!this.#lanes.has(lane)) await this.#untilRoom()
      const waiting = this.#lanes.get(lane)
      if (waiting) waiting.push(...mine)
      else this.#start(lane, mine)
    }
    while (!this.#hasRoom() || this.held.size >= this.#most) await this.#change()
  }

  /**
   * Reserves a run for a job that is claimed as it is sent.
   * @returns false when its lane or all runs are busy, or when jobs of its group are in hand already
   */
  tryTake(claim: Claim): boolean {
    const { lane, group } = this.#placeOf(claim.data)
    const isBusy = this.#lanes.has(lane) || (group !== undefined && this.#heldByGroup.has(group))
    if (isBusy || !this.#hasRoom()) return false
    this.#hold(claim)
    this.#runs++
    this.#lanes.set(lane, [])
    return true
  }

  /** Runs a job for which `tryTake` has reserved a run. */
  startTaken(claim: Claim): void {
    this.#runThen(this.#placeOf(claim.data).lane, [claim])
  }

  /** Gives back what `tryTake` has reserved for a job that was never sent. */
  release(claim: Claim): void {
    this.#letGo(claim)
    this.#next(this.#placeOf(claim.data).lane)
  }

  /** Resolves when nothing runs any more. */
  async untilFree(): Promise<void> {
    while (this.#runs > 0) await this.#change()
  }

  #start(lane: string, claims: Claim[]): void {
    this.#runs++
    this.#lanes.set(lane, [])
    this.#runThen(lane, claims)
  }

  #runThen(lane: string, claims: Claim[]): void {
    this.#deps.run(this, claims).finally(() => {
      const wasFull = !this.#hasRoom() || claims.some(({ data }) => this.#isGroupFull(data))
      for (const claim of claims) this.#letGo(claim)
      this.#next(lane)
      if (wasFull || this.handler.job.onceFor) this.#deps.lookAgain()
    })
  }

  /** Ends a lane's run: what has come meanwhile runs together now. */
  #next(lane: string): void {
    const waiting = this.#lanes.get(lane)?.splice(0, this.handler.job.batchSize ?? 1) ?? []
    if (waiting.length > 0) this.#runThen(lane, waiting)
    else {
      this.#lanes.delete(lane)
      this.#runs--
    }
    const waiters = this.#waiters
    this.#waiters = []
    for (const wake of waiters) wake()
  }

  #hasRoom(): boolean {
    return this.#runs < (this.handler.job.concurrency ?? 1)
  }

  async #untilRoom(): Promise<void> {
    while (!this.#hasRoom()) await this.#change()
  }

  #change(): Promise<void> {
    return new Promise(resolve => this.#waiters.push(resolve))
  }

  #placeOf(data: object): Place {
    const { lane, group } = this.handler.job
    return { lane: lane?.(data) ?? '', group: group?.of(data) }
  }

  #hold(claim: Claim): void {
    this.held.add(claim)
    const { group } = this.#placeOf(claim.data)
    if (group !== undefined) this.#heldByGroup.set(group, (this.#heldByGroup.get(group) ?? 0) + 1)
  }

  #letGo(claim: Claim): void {
    this.held.delete(claim)
    const { group } = this.#placeOf(claim.data)
    if (group === undefined) return
    const left = (this.#heldByGroup.get(group) ?? 0) - 1
    if (left > 0) this.#heldByGroup.set(group, left)
    else this.#heldByGroup.delete(group)
  }

  #isGroupFull(data: object): boolean {
    const { group } = this.handler.job
    const id = group?.of(data)
    if (!group || id === undefined) return false
    return (this.#heldByGroup.get(id) ?? 0) >= (group.tiers?.[group.tier?.(data) ?? ''] ?? group.most)
  }
}
