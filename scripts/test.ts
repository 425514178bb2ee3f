// All checks and tests, each run's result read from the report that its runner wrote.
//   npm test                  everything
//   npm test -- test/library  the test files whose path contains the argument, without the checks
import { chmodSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runChecks } from './check.ts'
import { exitOnSignals, runCommand } from './command.ts'
import { addTotals, failedRun, judgeRun, readJunit, readTimes, type Totals, totalsLine } from './junit.ts'
import { EDITIONS, type Edition, LEVELS, type Level, levelOf } from './levels.ts'
import { findPostgres, type RunningPostgres, startPostgres } from './postgres.ts'

const NEED_TOOLS = ['test/operations/alerts.test.ts', 'test/ground/database/pgbouncer.test.ts']
const BROWSER_FOLDER = 'test/browser/'
const STRUCTURE_TEST = 'test/structure.test.ts'
/** Only for what hangs: on two cores that all runs share, filling a library takes minutes. */
const TIMEOUT_MS = 300_000
const MOST_SHOWN = 10
/** Tests wait for each other's processes, clocks and browsers more than half of their time. */
const WORKERS = 3
const FILES_AT_ONCE = 10
const ORDER: readonly Level[] = ['flow', 'outside', 'room', 'contract', 'pure']

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
  await runTests(await hasPostgres())
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

/** Whether there is a server to be started; where there is none that part is skipped, which in CI is a failure. */
async function hasPostgres(): Promise<boolean> {
  const installed = await runCommand(['sh', 'scripts/install-postgres.sh'])
  if (installed === 0 && findPostgres()) return true
  const reason = 'PostgreSQL with pgvector is missing and could not be installed (the reason is above)'
  console.log(`\nSkipping the runs on a real PostgreSQL: ${reason}.`)
  const skipped = { passed: 0, failed: 0, skipped: 1, failures: [] }
  record('real PostgreSQL', process.env.CI === 'true' ? failedRun(reason) : skipped)
  return false
}

async function runTests(withPostgres: boolean): Promise<void> {
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
  const parts = withPostgres
    ? [
        // What waits most comes first, so that no worker is left with it alone.
        ...partsOf('Bun, PostgreSQL', all),
        ...partsOf('Deno, embedded', of('Deno, embedded')),
        ...partsOf('Bun, embedded', of('Bun, embedded')),
        ...partsOf('Deno, PostgreSQL', of('Deno, PostgreSQL')),
      ]
    : [...partsOf('Bun, embedded', all), ...partsOf('Deno, embedded', of('Deno, embedded'))]
  const waiting = parts.sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level))
  await Promise.all(Array.from({ length: WORKERS }, () => work(waiting)))
  for (const { name, totals } of runs) {
    // Of a filter's files each may say that it skips.
    if (filters.length === 0 && totals.passed + totals.failed === 0 && name !== 'real PostgreSQL')
      record(name, failedRun('no test was executed'))
  }
}

interface Part {
  edition: Edition
  level: Level
  files: string[]
}

/** An edition's files of each level, some at a time. */
function partsOf(edition: Edition, files: string[]): Part[] {
  // A filter may leave nothing for a run; without one, its files are gone.
  if (files.length === 0 && filters.length === 0) record(edition, failedRun('no test file was found'))
  return LEVELS.flatMap(level => {
    const some = files.filter(file => levelOf(file) === level)
    const parts = Array.from({ length: Math.ceil(some.length / FILES_AT_ONCE) }, () => [] as string[])
    some.forEach((file, i) => {
      parts[i % parts.length]!.push(file)
    })
    return parts.map(files => ({ edition, level, files }))
  })
}

/** Takes what waits until nothing does, on a server of its own: a test may stop what another one asks. */
async function work(waiting: Part[]): Promise<void> {
  let postgres: RunningPostgres | undefined
  try {
    for (let part = waiting.shift(); part; part = waiting.shift()) {
      if (part.edition.endsWith('PostgreSQL')) postgres ??= await startPostgres()
      await runPart(part, part.edition.endsWith('PostgreSQL') ? postgres : undefined)
    }
  } finally {
    await postgres?.stop()
  }
}

async function runPart({ edition, level, files }: Part, postgres?: RunningPostgres): Promise<void> {
  console.log(`── ${edition}, ${level}: ${files.length} files`)
  const output = join(folder, `output-${reports}.txt`)
  const reportFile = join(folder, `report-${reports++}.xml`)
  const command = edition.startsWith('Deno')
    ? ['deno', 'test', '--allow-all', '--no-lock', '--no-check', `--junit-path=${reportFile}`, ...files]
    : [
        ...['bun', 'test', '--no-orphans', `--timeout=${TIMEOUT_MS}`],
        ...['--reporter=junit', `--reporter-outfile=${reportFile}`],
        ...files.map(file => `./${file}`),
      ]
  const start = performance.now()
  const exitCode = await runCommand(command, {
    group: true,
    output,
    env: {
      ...process.env,
      TMPDIR: folder,
      TEST_DATABASE_URL: postgres?.url,
      TEST_DATABASE_LOG: postgres?.logFile,
    },
  })
  console.log(`\n── ${edition}, ${level}:\n${readFileSync(output, 'utf8')}`)
  const xml = existsSync(reportFile) ? readFileSync(reportFile, 'utf8') : undefined
  const found = xml === undefined ? undefined : readJunit(xml)
  const totals = judgeRun({ report: found, exitCode, files, maySkipAll: true })
  record(edition, totals, (performance.now() - start) / 1000, xml === undefined ? undefined : readTimes(xml))
}

/** Adds to what is known of a run. */
function record(name: string, totals: Totals, seconds = 0, times?: Run['times']): void {
  const known = runs.find(run => run.name === name)
  if (!known) {
    runs.push({ name, totals, seconds, times })
    return
  }
  const { passed, failed, skipped, failures } = known.totals
  known.totals = {
    passed: passed + totals.passed,
    failed: failed + totals.failed,
    skipped: skipped + totals.skipped,
    failures: [...failures, ...totals.failures],
  }
  known.seconds += seconds
  known.times = {
    files: [...(known.times?.files ?? []), ...(times?.files ?? [])],
    tests: [...(known.times?.tests ?? []), ...(times?.tests ?? [])],
  }
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
