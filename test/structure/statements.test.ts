// Keeps what lets a statement run where tables lie on several machines (docs/decisions/0021-one-postgres.md), as far as a
// text shows it. Each rule is tried on made-up statements first.
import { describe, expect, test } from 'bun:test'
import { globSync, readFileSync } from 'node:fs'
import { source } from './source.ts'

interface Rule {
  /** Whether a statement, without its comments and in lower case, breaks it; what it is given is `{…}`. */
  isBroken(statement: string): boolean
  breaks: string[]
  keeps: string[]
  /** Who may break it after all, and why. */
  exceptions?: Record<string, string>
}

/** What stands from `at` on, up to the end of the statement or to the parenthesis that closes around it. */
function clauseAt(statement: string, at: number): string {
  let depth = 0
  for (let i = at; i < statement.length; i++) {
    if (statement[i] === '(') depth++
    if (statement[i] === ')' && --depth < 0) return statement.slice(at, i)
  }
  return statement.slice(at)
}

/** What stands behind each match of `pattern`. */
const behind = (statement: string, pattern: RegExp): string[] =>
  [...statement.matchAll(pattern)].map(found => clauseAt(statement, found.index + found[0].length))

const isChange = (statement: string) =>
  /\b(?:insert into|delete from)\b|(?<!\bfor (?:no key )?)\bupdate\s+[a-z$]/.test(statement)
const hasNow = (clause: string) => /\bnow\(\)/.test(clause)
const LOCK = /\bfor (?:no key update|update|share|key share)\b/

const rules: Record<string, Rule> = {
  'a row is named by its key, never by ctid': {
    isBroken: statement => /\bctid\b/.test(statement),
    breaks: ['delete from t where ctid in (select ctid from t limit 5)'],
    keeps: ['delete from t where (user_id, id) in (select user_id, id from t limit 5)'],
  },
  'an upsert has the time from the row that was to be inserted': {
    isBroken: statement => behind(statement, /\bdo update\b/g).some(hasNow),
    breaks: ['insert into t (user_id) values (1) on conflict (user_id) do update set at = now()'],
    keeps: [
      'insert into t (user_id) values (1) on conflict (user_id) do update set at = excluded.at',
      'with a as (insert into t (id) values (1) on conflict (id) do update set b = 1) update u set at = now()',
    ],
  },
  'a change returns what is there, not what follows from the time': {
    isBroken: statement => behind(statement, /\breturning\b/g).some(hasNow),
    breaks: ['update t set a = 1 where user_id = {id} returning until > now() as is_valid'],
    keeps: [
      'update t set at = now() where user_id = {id} returning at',
      'with a as (update t set b = 1 returning id) update u set at = now() from a',
    ],
  },
  'a change has the time by itself, not in a case': {
    isBroken: statement =>
      isChange(statement) &&
      [
        ...behind(statement, /\bcoalesce\(/g),
        ...Array.from(statement.matchAll(/\bcase\b.*?\bend\b/gs), String),
      ].some(hasNow),
    breaks: [
      'update t set at = coalesce(at, now()) where user_id = {id}',
      'update t set at = case when a then now() end where user_id = {id}',
    ],
    keeps: [
      'select coalesce(at > now(), false) from t where user_id = {id} for update',
      'update t set at = now(), b = case when a then 1 end where user_id = {id}',
    ],
  },
  'what is inserted as values was asked before': {
    isBroken: statement => behind(statement, /\bvalues\s*\(/g).some(values => /\(\s*select\b/.test(values)),
    breaks: ['insert into t (a) values (coalesce((select a from u), 1))'],
    keeps: ['insert into t (a) values ({a})', 'insert into t (a) select a from u where user_id = {id}'],
  },
  'rows are locked of one user, or one row': {
    isBroken: statement => LOCK.test(statement) && !/\b(?:user_id|id|url_hash) = \{/.test(statement),
    breaks: [
      'select id from t where user_id in (select user_id from u) order by user_id for update',
      'select id from t order by id limit 5 for no key update skip locked',
    ],
    keeps: [
      'select id from t where user_id = {userid} order by id for key share',
      'select id from t where t.id = {id} for update',
      'insert into t (id) values (1) on conflict (id) do update set a = 1',
    ],
    exceptions: {
      'src/ground/http/limits/store.ts': 'its table stays on one machine',
      'src/library/contents/drop-unsaved.ts': 'of nobody, and asked on each machine by itself',
    },
  },
  'nobody passes by what is locked': {
    isBroken: statement => /\bskip locked\b/.test(statement),
    breaks: ['select id from t where user_id = {id} for update skip locked'],
    keeps: ['select id from t where user_id = {id} for update'],
    exceptions: {
      'src/ground/http/limits/store.ts': 'its table stays on one machine',
      'src/library/contents/drop-unsaved.ts': 'of nobody, and asked on each machine by itself',
    },
  },
}

/** The templates of SQL in a file's code, each with those that stand in it. */
function statementsOf(code: string): string[] {
  return [...code.matchAll(/\b(?:sql|tx)`/g)].map(({ index, 0: { length } }) => {
    const from = index + length
    return templateAt(code, from)
      .replace(/--.*/g, '')
      .replaceAll(/\$(?=\{)/g, '')
      .toLowerCase()
  })
}

/** A template's text from `from` on, up to its own end. */
function templateAt(code: string, from: number): string {
  const open: string[] = ['`']
  for (let i = from; i < code.length; i++) {
    const inside = open.at(-1)
    if (code[i] === '\\') i++
    else if (inside === '`' && code[i] === '$' && code[i + 1] === '{') open.push(code[++i]!)
    else if (inside === '{' && (code[i] === '`' || code[i] === '{')) open.push(code[i]!)
    else if (inside === '`' ? code[i] === '`' : code[i] === '}') open.pop()
    if (open.length === 0) return code.slice(from, i)
  }
  return code.slice(from)
}

const files = globSync(['src/**/*.ts', 'jobs/*.ts'])
  .map(path => source(path, readFileSync(path, 'utf8')))
  .map(({ path, code }) => ({ path, statements: statementsOf(code) }))

test('the statements are found, those in statements too', () => {
  expect(files.flatMap(({ statements }) => statements).length).toBeGreaterThan(150)
  const code = `f(sql\`select a \${b ? sql\`where c = \${d}\` : {}} -- e\nlimit 1\`, tx\`select 2\`)`
  expect(statementsOf(code)).toEqual([
    'select a {b ? sql`where c = {d}` : {}} \nlimit 1',
    'where c = {d}',
    'select 2',
  ])
})

for (const [name, { isBroken, breaks, keeps, exceptions = {} }] of Object.entries(rules)) {
  describe(name, () => {
    const broken = files.filter(({ statements }) => statements.some(isBroken)).map(({ path }) => path)
    test('in this checkout', () => expect(broken.filter(path => !exceptions[path])).toEqual([]))
    test('with no exception that is not needed', () => {
      expect(Object.keys(exceptions).filter(path => !broken.includes(path))).toEqual([])
    })
    test('is broken by each example, and kept by the others', () => {
      expect(breaks.filter(statement => !isBroken(statement))).toEqual([])
      expect(keeps.filter(isBroken)).toEqual([])
    })
  })
}
