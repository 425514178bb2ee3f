// Keeps the rules of the house. Each rule is tried on small made-up projects first: one that breaks it in each
// way, and one that keeps it.
import { describe, expect, test } from 'bun:test'
import { globSync, readFileSync } from 'node:fs'
import { type Source, source } from './structure/source.ts'

interface Rule {
  /** What is wrong, a line each. */
  problems(files: Source[]): string[]
  breaks: Record<string, string>[]
  keeps: Record<string, string>
}

const LONGEST_FILE = 300
const HIGHEST_MEDIAN = 120
const MOST_FILES = 12
const WRITES = /\b(?:insert\s+into|update|delete\s+from)\s+([a-z_]+)(?=\s+(?:as\s+)?\w|\s*[(`])/g
/** Who writes a table of another room after all, and why. */
const MAY_WRITE: Record<string, [tables: string[], why: string]> = {
  'src/accounts/store.ts': [
    ['libraries', 'server_settings'],
    'a user and their empty library are made by one statement; the key of old hashes goes with the last of them',
  ],
  'src/notifications/events/store.ts': [
    ['libraries'],
    'an event has the number that its library has come to, under one lock and in one statement',
  ],
  'src/discovery/vectors/store.ts': [
    ['libraries', 'server_settings'],
    'which model is compared is a setting, and with it all libraries change',
  ],
  'src/library/items/store.ts': [
    ['clusters', 'cluster_members'],
    'what leaves a library leaves its cluster first: the order of locks',
  ],
}
const project = (files: Record<string, string>) =>
  Object.entries(files).map(([path, text]) => source(path, text))
const isProduct = (path: string) => /^(src|jobs)\//.test(path)
const product = (files: Source[]) => files.filter(file => isProduct(file.path) && file.path.endsWith('.ts'))
const lines = (file: Source) => file.text.trimEnd().split('\n').length
const repeat = (count: number) => 'f()\n'.repeat(count)
const isStore = (path: string) => path.startsWith('src/') && path.endsWith('/store.ts')
const roomOf = (path: string) => /^src\/(\w+)\//.exec(path)?.[1] ?? ''

/** Whose each table is: a room's that declares it, the ground's or the models'. */
function ownersOf(files: Source[]): Map<string, string> {
  return new Map(
    files.flatMap(({ path, text }) => {
      const [, inside = ''] =
        /(?:tables: |TABLES: Record<string, Table> = )\{([\s\S]*?)\n {0,2}\}/.exec(text) ?? []
      return [...inside.matchAll(/^ +(\w+): \{/gm)].map(([, table]) => [table!, roomOf(path)] as const)
    }),
  )
}

/** The rooms, each with its place from bottom to top. */
function ranksOf(files: Source[]): Map<string, number> {
  const text = files.find(({ path }) => path === 'src/rooms.ts')?.text ?? ''
  const [, names = ''] = /ROOMS: Room\[\] = \[([^\]]*)\]/.exec(text) ?? []
  const rooms = names.split(',').map(name => name.trim())
  return new Map(rooms.filter(Boolean).map((name, rank) => [name, rank]))
}

/** A rule about one import: what is wrong with it, or undefined. */
function everyImport(wrong: (from: string, to: string) => boolean, says: string): Rule['problems'] {
  return files =>
    files.flatMap(file =>
      file.imports
        .filter(({ target }) => wrong(file.path, target))
        .map(it => `${file.path} ${says} ${it.target}`),
    )
}

/** A rule about the text of those files that `applies` picks. */
function noText(applies: (path: string) => boolean, pattern: RegExp): Rule['problems'] {
  return files =>
    files
      .filter(file => applies(file.path))
      .flatMap(file => [...file.code.matchAll(pattern)].map(([found]) => `${file.path} has ${found.trim()}`))
}

/** Circles of imports. Those of types alone vanish when the code runs, so they do not count. */
function cycles(files: Source[]): string[] {
  const byPath = new Map(files.map(file => [file.path, file]))
  const done = new Set<string>()
  const found: string[] = []
  const visit = (path: string, trail: string[]) => {
    const start = trail.indexOf(path)
    if (start >= 0) found.push([...trail.slice(start), path].join(' -> '))
    if (start >= 0 || done.has(path)) return
    for (const { target, typeOnly } of byPath.get(path)?.imports ?? []) {
      if (!typeOnly) visit(target, [...trail, path])
    }
    done.add(path)
  }
  for (const file of files) visit(file.path, [])
  return found
}

/** Exported functions of a store whose first parameter is not `sql`. */
function storesWithoutSql(files: Source[]): string[] {
  const declared = /^export\s+(?:async\s+)?function\s*\*?\s*(\w+)\s*\(\s*(\w*)/gm
  const assigned =
    /^export\s+const\s+(\w+)\s*=\s*(?:async\s+)?(?:function\b[^(]*\(\s*(\w*)|\(?\s*(\w*)[^()]*\)?\s*=>)/gm
  return files
    .filter(file => isStore(file.path))
    .flatMap(file =>
      [...file.code.matchAll(declared), ...file.code.matchAll(assigned)].map(it => ({ file, it })),
    )
    .filter(({ it }) => (it[2] ?? it[3]) !== 'sql')
    .map(({ file, it }) => `${file.path} ${it[1]} does not take sql first`)
}

const rules: Record<string, Rule> = {
  'nobody but the process knows what does a job': {
    problems: everyImport(
      (from, to) =>
        to.startsWith('jobs/') &&
        from.startsWith('src/') &&
        !(to === 'jobs/index.ts' && from === 'src/main.ts'),
      'may not import the handler',
    ),
    breaks: [
      { 'src/library/items/routes.ts': `import fetchContent from '#jobs/fetch-content'` },
      { 'src/ground/queue/queue.ts': `import type { Jobs } from '../../../jobs/index.ts'` },
      { 'src/main.ts': `import fetchContent from '#jobs/fetch-content'` },
    ],
    keeps: {
      'src/library/items/routes.ts': `import { fetchContent } from '../../ingestion/jobs.ts'`,
      'src/main.ts': `import { HANDLERS } from '#jobs/index'`,
      'test/jobs/a.test.ts': `import fetchContent from '#jobs/fetch-content'`,
    },
  },
  'a job has no handler but its own to ask': {
    problems: everyImport(
      (from, to) => from.startsWith('jobs/') && from !== 'jobs/index.ts' && to.startsWith('jobs/'),
      'may not import',
    ),
    breaks: [{ 'jobs/a.ts': `import b from '#jobs/b'` }],
    keeps: { 'jobs/a.ts': `import { b } from '../src/library/jobs.ts'` },
  },
  'pg-boss is known in src/ground/queue alone': {
    problems: files => [
      ...noText(path => isProduct(path) && !path.startsWith('src/ground/queue/'), /\bpgboss\./g)(files),
      ...everyImport(
        (from, to) => isProduct(from) && !from.startsWith('src/ground/queue/') && to === 'pg-boss',
        'may not import',
      )(files),
    ],
    breaks: [
      { 'src/a/store.ts': 'export const f = sql => sql`select id from pgboss.job`' },
      { 'src/a.ts': `import { PgBoss } from 'pg-boss'` },
    ],
    keeps: { 'src/ground/queue/tables.ts': 'export const f = sql => sql`select id from pgboss.job`' },
  },
  'jobs never import routes': {
    problems: everyImport(
      (from, to) => from.startsWith('jobs/') && to.endsWith('/routes.ts'),
      'may not import',
    ),
    breaks: [{ 'jobs/a.ts': `import {\n  routes,\n} from '../src/library/items/routes.ts'` }],
    keeps: { 'jobs/a.ts': `import { save } from '../src/library/items/store.ts'` },
  },
  'imports make no circle': {
    problems: cycles,
    breaks: [
      {
        'src/a.ts': `import { b } from './b.ts'`,
        'src/b.ts': `export * from './c.ts'`,
        'src/c.ts': `import './a.ts'`,
      },
      {
        'src/a.ts': `const b = await import('./b.ts')`,
        'jobs/b.ts': '',
        'src/b.ts': `import { a } from './a.ts'`,
      },
      { 'src/a.ts': `import { a } from '#jobs/a'`, 'jobs/a.ts': `import { b } from '../src/a.ts'` },
    ],
    keeps: {
      'src/a.ts': `import { b } from './b.ts'\nimport { c } from './c.ts'`,
      'src/b.ts': `import { c } from './c.ts'\nimport type { A } from './a.ts'`,
      'src/c.ts': '',
    },
  },
  'a table is written by its room alone': {
    problems: files => {
      const owners = ownersOf(files)
      return product(files).flatMap(({ path, code }) =>
        [...code.matchAll(WRITES)]
          .map(([, table = '']) => table)
          .filter(table => {
            const owner = owners.get(table)
            const isOwn = owner === undefined || owner === roomOf(path) || path.startsWith('jobs/')
            return !isOwn && !(MAY_WRITE[path]?.[0] ?? []).includes(table)
          })
          .map(table => `${path} writes ${table}`),
      )
    },
    breaks: [
      {
        'src/library/room.ts': `export const library = {\n  tables: {\n    saves: {},\n  },\n}`,
        'src/accounts/store.ts': 'export const f = (sql: Sql) => sql`insert into saves (id) values (1)`',
      },
      {
        'src/library/room.ts': `export const library = {\n  tables: {\n    saves: {},\n  },\n}`,
        'src/ground/a/store.ts': 'export const f = (sql: Sql) => sql`\n  update saves s\n  set id = 1`',
      },
    ],
    keeps: {
      'src/library/room.ts': `export const library = {\n  tables: {\n    saves: {},\n  },\n}`,
      'src/library/store.ts': 'export const f = (sql: Sql) => sql`delete from saves where id = 1`',
      'src/accounts/store.ts': 'export const f = (sql: Sql) => sql`select id from saves`',
    },
  },
  'the ground knows nothing that stands on it': {
    problems: everyImport(
      (from, to) => from.startsWith('src/ground/') && to.startsWith('src/') && !to.startsWith('src/ground/'),
      'looks up at',
    ),
    breaks: [
      { 'src/ground/http/a.ts': `import type { B } from '../../library/b.ts'` },
      { 'src/ground/a.ts': `import { C } from '../context.ts'` },
    ],
    keeps: {
      'src/ground/http/a.ts': `import { b } from '../database/b.ts'`,
      'src/library/a.ts': `import { b } from '../ground/http/b.ts'`,
    },
  },
  [`no folder has more than ${MOST_FILES} files`]: {
    problems: files =>
      [...Map.groupBy(product(files), ({ path }) => path.slice(0, path.lastIndexOf('/')))]
        .filter(([folder, inside]) => folder.startsWith('src/') && inside.length > MOST_FILES)
        .map(([folder, inside]) => `${folder} has ${inside.length} files`),
    breaks: [Object.fromEntries(Array.from({ length: MOST_FILES + 1 }, (_, i) => [`src/a/${i}.ts`, '']))],
    keeps: Object.fromEntries(Array.from({ length: MOST_FILES }, (_, i) => [`src/a/${i}.ts`, ''])),
  },
  'a room knows those before it in rooms.ts alone': {
    problems: files => {
      const ranks = ranksOf(files)
      return everyImport((from, to) => {
        const [own, other] = [roomOf(from), roomOf(to)]
        const [rank, others] = [ranks.get(own), ranks.get(other)]
        return own !== other && rank !== undefined && others !== undefined && others >= rank
      }, 'looks up at')(files)
    },
    breaks: [
      {
        'src/rooms.ts': 'export const ROOMS: Room[] = [accounts, library]',
        'src/accounts/users/store.ts': `import { a } from '../../library/items/store.ts'`,
      },
      {
        'src/rooms.ts': 'export const ROOMS: Room[] = [accounts, library, studio]',
        'src/library/items/routes.ts': `import type { A } from '../../studio/schema.ts'`,
      },
    ],
    keeps: {
      'src/rooms.ts': 'export const ROOMS: Room[] = [accounts, library]',
      'src/library/a.ts': `import { b } from '../accounts/store.ts'\nimport { c } from './c.ts'`,
      'src/accounts/a.ts': `import { d } from '../models/embed.ts'`,
    },
  },
  'what ships never imports tests, scripts or benches': {
    problems: everyImport(
      (from, to) => isProduct(from) && (/^(test|scripts|bench)\//.test(to) || /\.test(\.ts)?$/.test(to)),
      'may not import',
    ),
    breaks: [
      { 'src/a.ts': `import { app } from '../test/support/app.ts'` },
      { 'jobs/a.ts': `import './a.test.ts'` },
    ],
    keeps: {
      'test/a.test.ts': `import { a } from './support/a.ts'`,
      'src/a.ts': `import { b } from './b.ts'`,
    },
  },
  'only config.ts reads the environment': {
    problems: noText(
      path => isProduct(path) && path !== 'src/config/config.ts',
      /\b(?:process|Bun|Deno|import\.meta)\s*(?:\?\.|\.|\[\s*["'])\s*env\b|\benv\b[^{}=]*\}\s*(?:=\s*(?:process|Bun|Deno)\b|from\s*["'](?:node:)?process["'])/g,
    ),
    breaks: [
      { 'src/a.ts': 'export const a = process.env.PORT' },
      { 'src/a.ts': `export const a = process.env.NODE_ENV === 'x'` },
      { 'jobs/a.ts': `export const a = Deno.env.get('PORT')` },
      { 'src/a.ts': 'export const { env } = process' },
      { 'src/a.ts': `import { env } from 'node:process'\nexport const a = env.PORT` },
    ],
    keeps: {
      'src/config/config.ts': 'export const a = process.env.PORT',
      'src/a.ts': '// Never process.env here.\nexport const a = process.pid',
    },
  },
  'only main.ts names Bun or Deno': {
    problems: noText(
      path => isProduct(path) && path !== 'src/main.ts',
      /\b(?:Bun|Deno)\s*(?:\?\.|\.|\[)\s*["'\w]|(?:typeof|globalThis\s*\.)\s*(?:Bun|Deno)\b|["'](?:Bun|Deno)["']\s+in\b|["']bun(?::[\w:]+)?["']/g,
    ),
    breaks: [
      { 'src/a.ts': 'Bun.serve({ port: 0 })' },
      { 'jobs/a.ts': `if (typeof Deno === 'object') f()` },
      { 'src/a.ts': `import { test } from 'bun:test'\ntest('', () => {})` },
    ],
    keeps: {
      'src/main.ts': 'Bun.serve({ port: 0 })',
      'src/a.ts': `// Bun.serve and Deno.serve differ.\nexport const a = 'Runs on Bun and Deno'`,
    },
  },
  [`no file is longer than ${LONGEST_FILE} lines`]: {
    problems: files =>
      product(files)
        .filter(file => lines(file) > LONGEST_FILE)
        .map(file => `${file.path} has ${lines(file)} lines`),
    breaks: [{ 'src/a.ts': repeat(LONGEST_FILE + 1) }],
    keeps: { 'src/a.ts': repeat(LONGEST_FILE), 'test/a.test.ts': repeat(LONGEST_FILE + 1) },
  },
  [`half of the files have at most ${HIGHEST_MEDIAN} lines`]: {
    problems: files => {
      const sorted = product(files)
        .map(lines)
        .sort((a, b) => a - b)
      const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
      return median > HIGHEST_MEDIAN ? [`The median file has ${median} lines`] : []
    },
    breaks: [{ 'src/a.ts': repeat(200), 'src/b.ts': repeat(121), 'jobs/c.ts': '' }],
    keeps: { 'src/a.ts': repeat(200), 'src/b.ts': repeat(120), 'jobs/c.ts': '' },
  },
  'no file is a drawer for what has no name': {
    problems: files =>
      files
        .filter(({ path }) => /(^|[/.-])(utils?|helpers?|common|services?)([/.]|$)/.test(path))
        .map(({ path }) => `${path} needs a name that says what it does`),
    breaks: [{ 'src/utils.ts': '' }, { 'src/library/items/item-helper.ts': '' }, { 'test/common/a.ts': '' }],
    keeps: { 'src/library/service-level.ts': '', 'src/commonest-terms.ts': '' },
  },
  'queries list their columns': {
    problems: noText(
      path => isProduct(path) || path.startsWith('sql/'),
      /\bselect\s+(?:distinct\s+|all\s+)?(?:\w+\.)?\*(?!\s*\/)/gi,
    ),
    breaks: [
      { 'src/a/store.ts': 'export const f = sql => sql`\n  select *\n  from users`' },
      { 'jobs/a.ts': 'await sql`select u.* from users u`' },
      { 'sql/0001_core.sql': 'create view v as SELECT * from users;' },
    ],
    keeps: {
      'src/a/store.ts': '// never select *\nexport const f = sql => sql`select count(*), id from users`',
      'sql/0001_core.sql': '-- select * is refused\ncreate table t (a int);',
    },
  },
  'a store never opens a transaction': {
    problems: noText(isStore, /\.\s*begin\s*(?:<[^>]*>)?\s*\(/g),
    breaks: [{ 'src/a/store.ts': 'export const f = (sql: Sql) => sql.begin(tx => tx`select 1`)' }],
    keeps: {
      'src/a/routes.ts': 'await sql.begin(tx => tx`select 1`)',
      'src/a/store.ts': '// sql.begin() is for routes',
    },
  },
  'the functions of a store take sql first': {
    problems: storesWithoutSql,
    breaks: [
      { 'src/a/store.ts': 'export async function find(id: string, sql: Sql) { return sql`select 1` }' },
      { 'src/a/store.ts': 'export function find<T>() { return 1 as T }' },
      { 'src/a/store.ts': 'export const find = async (id: string) => id' },
      { 'src/a/store.ts': 'export const find = id => id' },
    ],
    keeps: {
      'src/a/store.ts': `export async function find<T>(sql: Sql, id: string): Promise<T> { return sql\`select \${id}\` }
        export const list = async (sql: Sql, { limit }: Page) => sql\`select \${limit}\`
        export const COLUMNS = ['id', 'url'].map(name => name)
        export const LIMIT = (2 + 3) * 4
        function own(id: string) { return id }
        own('a')`,
      'src/a/routes.ts': 'export function routes(app: App) { return app }',
    },
  },
}

const checkout = globSync(['{src,jobs,test,scripts,bench}/**/*.ts', 'sql/*.sql']).map(path =>
  source(path, readFileSync(path, 'utf8')),
)

test('the checkout is found', () => {
  expect(checkout.map(file => file.path)).toContain('src/config/config.ts')
})

for (const [name, { problems, breaks, keeps }] of Object.entries(rules)) {
  describe(name, () => {
    test('in this checkout', () => expect(problems(checkout)).toEqual([]))
    test('is broken by each example', () => {
      expect(breaks.map(files => problems(project(files)).length)).not.toContain(0)
      expect(breaks.length).toBeGreaterThan(0)
    })
    test('is kept by its example', () => expect(problems(project(keeps))).toEqual([]))
  })
}
