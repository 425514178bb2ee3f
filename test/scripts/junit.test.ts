import { describe, expect, test } from 'bun:test'
import { addTotals, judgeRun, readJunit, totalsLine } from '../../scripts/junit.ts'

const BUN = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="bun test" tests="5" failures="2" skipped="2" time="0.01">
  <testsuite name="test/a.test.ts" file="test/a.test.ts" tests="5">
    <testsuite name="outer" file="test/a.test.ts" line="2">
      <testcase name="ok &quot;q&quot; &lt;x&gt;" classname="outer" time="0" file="test/a.test.ts" line="2" />
      <testcase name="bad &amp; one" classname="outer" time="0" file="test/a.test.ts" line="2">
        <failure type="AssertionError" message="expect">Expected: 2&#10;Received: 1</failure>
      </testcase>
      <testcase name="later" classname="outer" time="0" file="test/a.test.ts" line="2">
        <skipped message="TODO" />
      </testcase>
    </testsuite>
    <testcase name="throws" classname="" time="0" file="test/a.test.ts" line="3">
      <failure type="Error" message="x">Error: x</failure>
    </testcase>
  </testsuite>
</testsuites>`

const DENO = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="7" failures="4" errors="0" time="0.017">
    <testsuite name="./test/c.test.ts" tests="4" failures="3">
        <testcase name="outer" classname="./test/c.test.ts" time="0.009" line="3" col="1">
            <failure message="1 test step failed">1 test step failed.</failure>
        </testcase>
        <testcase name="broken after its steps" classname="./test/c.test.ts">
            <failure message="x">x</failure>
        </testcase>
        <testcase name="fine" classname="./test/c.test.ts"></testcase>
        <testcase name="broken after its steps &gt; step" classname="./test/c.test.ts"></testcase>
    </testsuite>
    <testsuite name="ext:deno_node/testing.ts" tests="3">
        <testcase name="outer &gt; ok" classname="ext:deno_node/testing.ts"></testcase>
        <testcase name="outer &gt; bad" classname="ext:deno_node/testing.ts">
            <failure message="Uncaught">AssertionError</failure>
        </testcase>
        <testcase name="outer &gt; sk" classname="ext:deno_node/testing.ts"><skipped/></testcase>
    </testsuite>
</testsuites>`

const passing = (tests: string) => `<testsuites name="bun test"><testsuite>${tests}</testsuite></testsuites>`
const onePass = readJunit(passing('<testcase name="a" classname="" file="test/a.test.ts" />'))
const oneSkip = readJunit(
  passing('<testcase name="a" classname="" file="test/a.test.ts"><skipped/></testcase>'),
)

describe('a report', () => {
  test("of Bun is counted by its cases, a group's name before the test's", () => {
    expect(readJunit(BUN)).toEqual({
      passed: 1,
      failed: 2,
      skipped: 1,
      failures: ['test/a.test.ts: outer > bad & one', 'test/a.test.ts: throws'],
      files: new Set(['test/a.test.ts']),
    })
  })

  test('of Deno counts steps, and a group only for a failure of its own', () => {
    expect(readJunit(DENO)).toMatchObject({
      passed: 3,
      failed: 2,
      skipped: 1,
      failures: ['test/c.test.ts: broken after its steps', 'test/c.test.ts: outer > bad'],
    })
  })
})

describe('a run', () => {
  test('is what its report says when the runner ended as the report lets expect', () => {
    expect(judgeRun({ report: onePass, exitCode: 0, files: ['./test/a.test.ts'] })).toEqual({
      passed: 1,
      failed: 0,
      skipped: 0,
      failures: [],
    })
    expect(judgeRun({ report: readJunit(BUN), exitCode: 1, files: ['test/a.test.ts'] }).failed).toBe(2)
  })

  test('without a report is one failure, whatever its exit code', () => {
    expect(judgeRun({ report: undefined, exitCode: 0, files: [] }).failed).toBe(1)
    expect(judgeRun({ report: undefined, exitCode: 139, files: [] }).failures).toEqual([
      'the runner ended with code 139 and wrote no report',
    ])
  })

  test('that ended badly without a failed test is one failure', () => {
    expect(judgeRun({ report: onePass, exitCode: 1, files: ['test/a.test.ts'] })).toMatchObject({
      passed: 1,
      failed: 1,
    })
  })

  test('fails for each file whose tests did not run, since it did not load', () => {
    const files = ['test/a.test.ts', 'test/b.test.ts']
    expect(judgeRun({ report: onePass, exitCode: 1, files }).failures).toEqual([
      'test/b.test.ts: none of its tests ran',
    ])
    expect(judgeRun({ report: readJunit(BUN), exitCode: 1, files }).failed).toBe(3)
  })

  test('of no test is a failure, and so is one of skipped tests alone unless that is fine', () => {
    const run = { exitCode: 0, files: [] }
    expect(judgeRun({ ...run, report: readJunit('') }).failures).toEqual(['no test was executed'])
    expect(judgeRun({ ...run, report: readJunit(''), maySkipAll: true }).failed).toBe(1)
    expect(judgeRun({ ...run, report: oneSkip }).failed).toBe(1)
    expect(judgeRun({ ...run, report: oneSkip, maySkipAll: true })).toMatchObject({ failed: 0, skipped: 1 })
  })
})

describe('the totals', () => {
  test('name the skipped only when there are some', () => {
    const totals = { passed: 3, failed: 0, skipped: 0, failures: [] }
    expect(totalsLine(totals)).toBe('3 passed, 0 failed')
    expect(totalsLine({ ...totals, skipped: 2 })).toBe('3 passed, 0 failed, 2 skipped')
  })

  test('are the sums of the runs, each failure under the name of its run', () => {
    const runs = [
      { name: 'one', totals: { passed: 3, failed: 1, skipped: 2, failures: ['a: b'] } },
      { name: 'two', totals: { passed: 4, failed: 0, skipped: 1, failures: [] } },
    ]
    expect(addTotals(runs)).toEqual({ passed: 7, failed: 1, skipped: 3, failures: ['one: a: b'] })
    expect(addTotals([])).toEqual({ passed: 0, failed: 0, skipped: 0, failures: [] })
  })
})
