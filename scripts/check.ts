// Everything that can be said about the code without running it: types, lint and format, the import rules.
import { exitOnSignals, runCommand } from './command.ts'

const CHECKS = {
  types: ['tsc', '-p', '.'],
  'lint and format': ['biome', 'check', '.'],
  structure: ['bun', 'test', './test/structure.test.ts'],
  'generated files': ['bun', 'scripts/generate.ts', '--check'],
}

export interface CheckResult {
  name: string
  passed: boolean
  seconds: number
}

/** Runs all checks, one after the other, also when an early one fails. */
export async function runChecks(): Promise<CheckResult[]> {
  const results: CheckResult[] = []
  for (const [name, command] of Object.entries(CHECKS)) {
    console.log(`\n── ${name}: ${command.join(' ')}`)
    const start = performance.now()
    const passed = (await runCommand(command, { group: true })) === 0
    results.push({ name, passed, seconds: (performance.now() - start) / 1000 })
  }
  return results
}

if (import.meta.main) {
  exitOnSignals()
  const results = await runChecks()
  console.log()
  for (const { name, passed, seconds } of results) {
    console.log(`${passed ? 'passed' : 'FAILED'}  ${name} (${seconds.toFixed(1)} s)`)
  }
  process.exitCode = results.every(result => result.passed) ? 0 : 1
}
