// Alerts, dashboard and runbook belong together: none names a metric that Trove does not tell, and no alert wakes
// somebody without a section to read. Prometheus' own tool reads the rules and a scrape.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { DEAD_LETTER } from '../../src/ground/queue/queue.ts'
import { JOBS } from '../../src/rooms.ts'
import { usesRealPostgres } from '../support/database.ts'
import { type Busy, busyTrove } from './metrics-traffic.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const RULES = 'ops/prometheus/rules.yaml'
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

interface Rule {
  alert: string
  expr: string
  labels: { severity: string }
  annotations: { summary: string; description: string; runbook_url: string }
}
const { groups } = Bun.YAML.parse(read(RULES)) as { groups: { rules: Rule[] }[] }
const rules = groups.flatMap(group => group.rules)
const runbook = read('docs/runbook.md')

interface Panel {
  title: string
  type: string
  id: number
  gridPos: { x: number; y: number; w: number; h: number }
  targets?: { expr: string; refId: string }[]
}
const dashboard = JSON.parse(read('ops/grafana/trove.json')) as { panels: Panel[] }
const charts = dashboard.panels.filter(({ type }) => type !== 'row')
const queries = [
  ...rules.map(({ alert, expr }) => ({ from: alert, expr })),
  ...charts.flatMap(({ title, targets }) => targets!.map(({ expr }) => ({ from: title, expr }))),
]

/** What Prometheus itself knows of whatever it scrapes, or a scrape here cannot tell. */
const NOT_HERE = new Map<string, string[]>([['up', []]])
// The embedded database has one session, and does not tell of it.
if (!usesRealPostgres) NOT_HERE.set('trove_database_connections', ['application', 'state'])
const EVERYWHERE = ['job', 'instance', 'le']
const WORDS = /\b(?:and|or|unless|by|on|without|ignoring|group_left|group_right|offset|bool)\b/g

/** The metrics of a query, each with the labels that it is asked by. */
function metricsOf(expr: string): { name: string; labels: string[] }[] {
  const plain = expr
    .replace(/\b(?:by|on|without|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ')
    // Ranges, durations and figures.
    .replace(/\[[^\]]*\]|(?<![\w"])\d[\w.]*/g, ' ')
  const found = plain.replace(WORDS, ' ').matchAll(/([a-zA-Z_]\w*)\s*(\(|\{[^}]*\})?/g)
  return [...found]
    .filter(([, , after]) => after !== '(')
    .map(([, name, matchers = '']) => ({
      name: name!,
      labels: [...matchers.matchAll(/(\w+)\s*[=!]/g)].map(([, label]) => label!),
    }))
}

describe('each query of the alerts and the dashboard', () => {
  let busy: Busy
  beforeAll(async () => {
    busy = await busyTrove()
  })
  afterAll(() => busy.stop())

  test('asks for metrics that a scrape has, by labels that they have', () => {
    const wrong: string[] = []
    for (const { from, expr } of queries) {
      const metrics = metricsOf(expr)
      expect([from, metrics.length > 0]).toEqual([from, true])
      for (const { name, labels } of metrics) {
        const family = busy.scrape.get(name.replace(/_(bucket|sum|count)$/, '')) ?? busy.scrape.get(name)
        const has = NOT_HERE.get(name) ?? family?.labels
        if (!has) wrong.push(`${from}: there is no ${name}`)
        for (const label of labels) {
          if (has && ![...has, ...EVERYWHERE].includes(label)) wrong.push(`${from}: ${name} has no ${label}`)
        }
      }
    }
    expect(wrong).toEqual([])
  })

  test('shows, on the dashboard, every metric that there is', () => {
    const shown = charts.flatMap(({ targets }) => targets!.flatMap(({ expr }) => metricsOf(expr)))
    const names = new Set(shown.map(({ name }) => name.replace(/_(bucket|sum|count)$/, '')))
    expect([...busy.scrape.keys()].filter(name => !names.has(name))).toEqual([])
  })

  test('and each statement of the runbook runs', async () => {
    const blocks = [...runbook.matchAll(/^```sql\n(.*?)^```$/gms)].map(([, block]) => block!)
    const inline = [...runbook.matchAll(/`(select [^`<]*;)`/g)].map(([, statement]) => statement!)
    const statements = [...blocks, ...inline].flatMap(text => text.split(';')).filter(text => text.trim())
    expect(statements.length).toBeGreaterThan(12)
    for (const statement of statements) await busy.trove.database.sql.unsafe(statement)
  })

  test('names queues that there are', () => {
    const queues = [...JOBS.map(({ name }) => name), DEAD_LETTER]
    for (const { from, expr } of queries) {
      for (const [, names] of expr.matchAll(/queue[=!]~?"([^"$]*)"/g)) {
        for (const name of names!.split('|'))
          expect([from, queues]).toEqual([from, expect.arrayContaining([name])])
      }
    }
  })

  describe.if(hasPromtool())('by promtool', () => {
    test('the rules and the sample configuration are valid', () => {
      expect(promtool(['check', 'rules', RULES])).toMatchObject({ status: 0 })
      expect(promtool(['check', 'config', '--syntax-only', 'ops/prometheus/prometheus.yml'])).toMatchObject({
        status: 0,
      })
    })

    test('each alert fires when it should, and not else', () => {
      expect(promtool(['test', 'rules', 'ops/prometheus/rules.test.yaml'])).toMatchObject({ status: 0 })
    })

    test('a scrape of a running server is well formed', async () => {
      const server = Bun.serve({
        port: 0,
        hostname: '127.0.0.1',
        fetch: request => busy.trove.handle(request),
      })
      const text = await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text()
      await server.stop(true)
      expect(promtool(['check', 'metrics'], text)).toEqual({ status: 0, said: '' })
      expect(promtool(['check', 'metrics'], 'a_total{ 1\n').status).not.toBe(0)
    })
  })
})

test.if(process.env.CI === 'true')('there is a promtool, so that nothing here is skipped', () => {
  expect(hasPromtool()).toBe(true)
})

test('a query’s metrics are found', () => {
  expect(
    metricsOf(
      'sum by (le) (rate(a_bucket{x="1",y!~"b|c"}[5m])) > 1.5 * max(d offset 30m) and time() - e > 3 * 3600',
    ),
  ).toEqual([
    { name: 'a_bucket', labels: ['x', 'y'] },
    { name: 'd', labels: [] },
    { name: 'e', labels: [] },
  ])
})

describe('each alert', () => {
  test('says how bad it is, what it is, and where to read on', () => {
    for (const { alert, labels, annotations } of rules) {
      expect(['critical', 'warning', 'info']).toContain(labels.severity)
      expect(annotations.summary.length).toBeGreaterThan(10)
      expect(annotations.description.length).toBeGreaterThan(10)
      expect(annotations.runbook_url).toBe(`docs/runbook.md#${alert.toLowerCase()}`)
    }
  })

  test('has a section of the runbook, and each such section an alert', () => {
    const sections = [...runbook.matchAll(/^### (Trove\w+)$/gm)].map(([, name]) => name!)
    expect(sections.toSorted()).toEqual(rules.map(({ alert }) => alert).toSorted())
    for (const section of runbook.split(/^### (?=Trove)/m).slice(1)) {
      const [name] = section.split('\n')
      for (const part of ['**Means.**', '**Look.**', '**Do.**', '**Over.**']) {
        expect([name, section.includes(part)]).toEqual([name, true])
      }
    }
  })

  test('is tried: it fires in one test at least', () => {
    const tests = read('ops/prometheus/rules.test.yaml')
    for (const { alert } of rules)
      expect(tests).toMatch(new RegExp(`ALERTS\\{alertname="${alert}"[^}]*severity=`))
  })
})

test('the runbook’s links and programs are there', () => {
  const headings = [...runbook.matchAll(/^#{2,3} (.+)$/gm)].map(([, text]) =>
    text!
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  )
  for (const [, anchor] of runbook.matchAll(/\]\(#([^)]+)\)/g)) expect(headings).toContain(anchor!)
  for (const [, file] of runbook.matchAll(/\b((?:ops|scripts)\/[\w./-]+\.\w+)/g))
    expect([file, existsSync(join(ROOT, file!))]).toEqual([file, true])
})

describe('the dashboard', () => {
  test('has each panel once, beside the others and not upon them', () => {
    const cells = new Set<string>()
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
    for (const { title, gridPos } of dashboard.panels) {
      const { x, y, w, h } = gridPos
      expect([title, x + w <= 24]).toEqual([title, true])
      for (let row = y; row < y + h; row++) {
        for (let column = x; column < x + w; column++) {
          expect([title, cells.has(`${row} ${column}`)]).toEqual([title, false])
          cells.add(`${row} ${column}`)
        }
      }
    }
  })
})

/** PROMTOOL_PATH, or what the shell finds. */
function findPromtool(): string | undefined {
  return process.env.PROMTOOL_PATH ?? Bun.which('promtool') ?? undefined
}

function hasPromtool(): boolean {
  const found = findPromtool() !== undefined
  if (!found)
    console.log('promtool is missing, so the alerts are not tried: sh scripts/install-tools.sh adds it.')
  return found
}

function promtool(parameters: string[], input = ''): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(findPromtool()!, parameters, {
    cwd: ROOT,
    encoding: 'utf8',
    input,
  })
  return { status, said: (stdout + stderr).trim() }
}
