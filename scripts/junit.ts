// What a test run amounts to, from the JUnit report that its runner wrote and from how the runner ended.
import { normalize } from 'node:path'
import { Parser } from 'htmlparser2'

export interface Totals {
  passed: number
  failed: number
  skipped: number
  /** A line for each that failed: file, groups, name. */
  failures: string[]
}

export interface Report extends Totals {
  /** Test files, relative to the working folder, that have at least one test in the report. */
  files: Set<string>
}

export interface Timed {
  name: string
  seconds: number
}

interface Case {
  file: string
  name: string
  state: 'passed' | 'failed' | 'skipped'
  seconds: number
  isStep: boolean
}

/**
 * Reads the report of `bun test --reporter=junit` or of `deno test --junit-path`.
 * Deno reports a group and its steps alike; a group counts only when it failed and none of its steps did.
 */
export function readJunit(xml: string): Report {
  const { runner, cases } = parse(xml)
  const files = new Set(cases.map(found => found.file))
  const counted = runner === 'deno test' ? cases.filter(found => countsBesideItsSteps(found, cases)) : cases
  const count = (state: Case['state']) => counted.filter(found => found.state === state).length
  const failures = counted
    .filter(found => found.state === 'failed')
    .map(found => `${found.file}: ${found.name}`)
  return { passed: count('passed'), failed: failures.length, skipped: count('skipped'), failures, files }
}

/** What each file and each test of a report took; a file with its hooks, where the runner counts those. */
export function readTimes(xml: string): { files: Timed[]; tests: Timed[] } {
  const { cases, suites } = parse(xml)
  // A step of Deno's is part of its group.
  const tests = cases.filter(({ isStep }) => !isStep)
  const named = tests.map(({ file, name, seconds }) => ({ name: `${file}: ${name}`, seconds }))
  return { files: suites.length > 0 ? suites : sumByFile(tests), tests: named }
}

/**
 * The totals of one run. What a report cannot show counts as failed as well: a runner that ended before it
 * wrote one, a file whose tests never ran, a bad exit code without a failed test, a run of no test at all.
 * @param run.files the test files that the runner was given, relative to the working folder
 * @param run.maySkipAll whether a run in which every test was skipped is fine
 */
export function judgeRun(run: {
  report: Report | undefined
  exitCode: number
  files: string[]
  maySkipAll?: boolean
}): Totals {
  const { report, exitCode, files } = run
  if (!report) return failedRun(`the runner ended with code ${exitCode} and wrote no report`)
  const failures = [...report.failures]
  for (const file of files) {
    if (!report.files.has(normalize(file))) failures.push(`${file}: none of its tests ran`)
  }
  if (failures.length === 0 && exitCode !== 0) {
    failures.push(`the runner ended with code ${exitCode}, though no test failed`)
  }
  if (failures.length === 0 && report.passed === 0 && !(run.maySkipAll && report.skipped > 0)) {
    failures.push('no test was executed')
  }
  return { passed: report.passed, failed: failures.length, skipped: report.skipped, failures }
}

/** A run that counts as one failed test, for the reason given. */
export function failedRun(reason: string): Totals {
  return { passed: 0, failed: 1, skipped: 0, failures: [reason] }
}

/** The line that a run of everything ends with. */
export function totalsLine({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

/** All runs together, each failure with the name of its run. */
export function addTotals(runs: { name: string; totals: Totals }[]): Totals {
  const sum = (field: 'passed' | 'failed' | 'skipped') =>
    runs.reduce((total, run) => total + run.totals[field], 0)
  const failures = runs.flatMap(run => run.totals.failures.map(failure => `${run.name}: ${failure}`))
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped'), failures }
}

function countsBesideItsSteps(group: Case, cases: Case[]): boolean {
  const steps = cases.filter(other => other !== group && other.name.startsWith(`${group.name} > `))
  if (steps.length === 0) return true
  return group.state === 'failed' && !steps.some(step => step.state === 'failed')
}

/** Where Deno says that a step of node:test stands: in its own source. */
const STEPS = 'ext:'

/** Deno names its own source as the file of a step made by node:test. */
function fileOfGroup(step: Case, cases: Case[]): string {
  const group = cases.find(other => !other.isStep && step.name.startsWith(`${other.name} > `))
  return group?.file ?? step.file
}

function sumByFile(cases: Case[]): Timed[] {
  const sums = new Map<string, number>()
  for (const { file, seconds } of cases) sums.set(file, (sums.get(file) ?? 0) + seconds)
  return Array.from(sums, ([name, seconds]) => ({ name, seconds }))
}

function parse(xml: string): { runner: string; cases: Case[]; suites: Timed[] } {
  let runner = ''
  const suites: Timed[] = []
  let current: Case | undefined
  const cases: Case[] = []
  const parser = new Parser(
    {
      onopentag(tag, { name = '', classname = '', file, time = '0' }) {
        if (tag === 'testsuites') runner = name
        // Bun's suite of a file bears its name; the others are groups.
        if (tag === 'testsuite' && file !== undefined && file === name)
          suites.push({ name: normalize(file), seconds: Number(time) })
        if (tag === 'testcase') {
          // Bun puts the groups in the class name, Deno the file there and the groups in the name.
          const full = file === undefined || classname === '' ? name : `${classname} > ${name}`
          const from = normalize(file ?? classname)
          const isStep = from.startsWith(STEPS)
          current = { file: from, name: full, state: 'passed', seconds: Number(time), isStep }
          cases.push(current)
        }
        if (current && (tag === 'failure' || tag === 'error')) current.state = 'failed'
        if (current && tag === 'skipped') current.state = 'skipped'
      },
      onclosetag(tag) {
        if (tag === 'testcase') current = undefined
      },
    },
    { xmlMode: true },
  )
  parser.end(xml)
  for (const step of cases.filter(({ isStep }) => isStep)) step.file = fileOfGroup(step, cases)
  return { runner, cases, suites }
}
