// What was checked, a line each as it happens, and what came of it.
import assert from 'node:assert/strict'

export class Checks {
  passed = 0
  failed = 0

  /** Runs one check: it holds unless `prove` throws. What `prove` gives back is shown behind the name. */
  async that(name: string, prove: () => unknown): Promise<void> {
    try {
      const found = await prove()
      this.passed++
      console.log(`  ok      ${name}${typeof found === 'string' ? `: ${found}` : ''}`)
    } catch (error) {
      this.failed++
      console.log(`  FAILED  ${name}: ${(error as Error).message}`)
    }
  }
}

/** Throws with `problems` in a line each, when there are any. */
export function none(problems: string[]): void {
  assert(problems.length === 0, problems.join('; '))
}
