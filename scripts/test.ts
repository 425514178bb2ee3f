// All checks and tests, each run's result read from the report that its runner wrote.
//   npm test                  everything
//   npm test -- test/library  the test files whose path contains the argument, without the checks
import { chmodSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runChecks } from './check.ts'
import { exitOnSignals, runCommand } from './command.ts'
import { addTotals, failedRun, judgeRun, readJunit, readTimes, type Totals, totalsLine } from './junit.ts'
import { EDITIONS, type Edition, LEVELS, levelOf } from './levels.ts'
import { findPostgres, type RunningPostgres, startPostgres } from './postgres.ts'

const NEED_TOOLS = ['test/operations/alerts.test.ts', 'test/database/pgbouncer.test.ts']
const BROWSER_FOLDER = 'test/browser/'
const STRUCTURE_TEST = 'test/structure.test.ts'
/** Only for what hangs: on two cores that all runs share, filling a library takes minutes. */
const TIMEOUT_MS = 300_000
const MOST_SHOWN = 10

interface Run {
  name: string
  totals: Totals
  seconds: number
  times?: ReturnType<typeof readTimes> | undefined
}

exitOnSignals()
const filters = process.argv.slice(2).map(filter => filter.replace(/^\.\//, ''))
const runs: Run[] = []
let reports = 0

const folder = mkdtempSync(join(tmpdir(), 'trove-test-'))
// The server's own user must be able to pass through, when a test starts one.
chmodSync(folder, 0o711)
process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))

try {
  if (filters.length === 0) await check()
  const postgres = await openPostgres()
  try {
    await runTests(postgres)
  } finally {
    await postgres?.stop()
  }
} catch (error) {
  console.error(error)
  record('this script', failedRun(String(error)))
}
report()

async function check(): Promise<void> {
  for (const { name, passed, seconds } of await runChecks()) {
    record(name, passed ? { passed: 1, failed: 0, skipped: 0, failures: [] } : failedRun('failed'), seconds)
  }
}

/** The server, or undefined when there is none: that part is then skipped, which in CI is a failure. */
async function openPostgres(): Promise<RunningPostgres | undefined> {
  const installed = await runCommand(['sh', 'scripts/install-postgres.sh'])
  if (installed === 0 && findPostgres()) return startPostgres()
  const reason = 'PostgreSQL with pgvector is missing and could not be installed (the reason is above)'
  console.log(`\nSkipping the runs on a real PostgreSQL: ${reason}.`)
  const skipped = { passed: 0, failed: 0, skipped: 1, failures: [] }
  record('real PostgreSQL', process.env.CI === 'true' ? failedRun(reason) : skipped)
  return undefined
}

async function runTests(postgres: RunningPostgres | undefined): Promise<void> {
  const all = globSync('test/**/*.test.ts')
    .filter(file => file !== STRUCTURE_TEST)
    .filter(file => filters.length === 0 || filters.some(filter => file.includes(filter)))
    .sort()
  const of = (edition: Edition) => all.filter(file => EDITIONS[file]?.includes(edition))
  if (all.length === 0) return record('tests', failedRun('no test file was found'))

  // Without these the tests say that they skip; in CI one of them fails.
  if (all.some(file => file.startsWith(BROWSER_FOLDER)))
    await runCommand(['sh', 'scripts/install-chromium.sh'])
  if (NEED_TOOLS.some(file => all.includes(file))) await runCommand(['sh', 'scripts/install-tools.sh'])
  const onPostgres = async () => {
    if (postgres) await bunTest('Bun, PostgreSQL', all, postgres)
  }
  const theOthers = async () => {
    await bunTest('Bun, embedded', postgres ? of('Bun, embedded') : all)
    await denoTest('Deno, embedded', of('Deno, embedded'))
    if (postgres) await denoTest('Deno, PostgreSQL', of('Deno, PostgreSQL'), postgres)
  }
  await Promise.all([onPostgres(), theOthers()])
}

function bunTest(name: string, files: string[], postgres?: RunningPostgres): Promise<void> {
  return runTestFiles(name, files, postgres, reportFile => [
    ...['bun', 'test', '--no-orphans', `--timeout=${TIMEOUT_MS}`],
    ...['--reporter=junit', `--reporter-outfile=${reportFile}`],
    ...files.map(file => `./${file}`),
  ])
}

function denoTest(name: string, files: string[], postgres?: RunningPostgres): Promise<void> {
  return runTestFiles(name, files, postgres, reportFile => [
    ...['deno', 'test', '--allow-all', '--no-lock', '--no-check', `--junit-path=${reportFile}`],
    ...files,
  ])
}

async function runTestFiles(
  name: string,
  files: string[],
  postgres: RunningPostgres | undefined,
  command: (reportFile: string) => string[],
): Promise<void> {
  if (files.length === 0) {
    // A filter may leave nothing for a run; without one, its files are gone.
    if (filters.length === 0) record(name, failedRun('no test file was found'))
    return
  }
  console.log(`── ${name}: ${files.length} files`)
  const output = join(folder, `output-${reports}.txt`)
  const reportFile = join(folder, `report-${reports++}.xml`)
  const start = performance.now()
  const exitCode = await runCommand(command(reportFile), {
    group: true,
    output,
    env: {
      ...process.env,
      TMPDIR: folder,
      TEST_DATABASE_URL: postgres?.url,
      TEST_DATABASE_LOG: postgres?.logFile,
    },
  })
  console.log(`\n── ${name}:\n${readFileSync(output, 'utf8')}`)
  const xml = existsSync(reportFile) ? readFileSync(reportFile, 'utf8') : undefined
  const found = xml === undefined ? undefined : readJunit(xml)
  const totals = judgeRun({ report: found, exitCode, files, maySkipAll: filters.length > 0 })
  record(name, totals, (performance.now() - start) / 1000, xml === undefined ? undefined : readTimes(xml))
}

function record(name: string, totals: Totals, seconds = 0, times?: Run['times']): void {
  runs.push({ name, totals, seconds, times })
}

function report(): void {
  const total = addTotals(runs)
  const width = Math.max(...runs.map(run => run.name.length))
  const columns = (cells: string[]) => cells.map(cell => cell.padStart(9)).join('')
  console.log(`\n${'run'.padEnd(width)}${columns(['passed', 'failed', 'skipped', 'seconds'])}`)
  for (const { name, totals, seconds } of runs) {
    const { passed, failed, skipped } = totals
    console.log(
      `${name.padEnd(width)}${columns([...[passed, failed, skipped].map(String), seconds.toFixed(1)])}`,
    )
  }
  for (const what of ['files', 'tests'] as const) printSlowest(what)
  printLevels()
  if (total.failed > 0) console.log(`\nFailed:\n${total.failures.map(failure => `  ${failure}`).join('\n')}`)
  console.log(`\n${totalsLine(total)}`)
  process.exitCode = total.failed > 0 ? 1 : 0
}

function printSlowest(what: 'files' | 'tests'): void {
  const all = runs.flatMap(({ name, times }) => (times?.[what] ?? []).map(timed => ({ ...timed, run: name })))
  if (all.length === 0) return
  console.log(`\nThe slowest ${what}, in seconds`)
  for (const { seconds, name, run } of all.sort((a, b) => b.seconds - a.seconds).slice(0, MOST_SHOWN))
    console.log(`${seconds.toFixed(1).padStart(9)}  ${name} (${run})`)
}

/** What the files of each level took together. */
function printLevels(): void {
  const files = runs.flatMap(({ times }) => times?.files ?? [])
  if (files.length === 0) return
  console.log('\nThe levels, in seconds of one worker')
  for (const level of LEVELS) {
    const seconds = files
      .filter(({ name }) => levelOf(name) === level)
      .reduce((sum, file) => sum + file.seconds, 0)
    console.log(`${seconds.toFixed(1).padStart(9)}  ${level}`)
  }
}
