// The lines of the README and of the walk-through are run as printed, and what they answer is compared with what they show.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { VARIABLE_NAMES } from '../src/config/config.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const BASE = 'http://127.0.0.1:3000'
const NEXT = '=== next step'
const CUT = '…'
const LONGEST_WALK_MS = 180_000
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

const readme = read('README.md')
const walk = read('docs/walk-through.md')
const configuration = read('docs/configuration.md')
const contributing = read('CONTRIBUTING.md')
const section = (page: string, title: string): string => {
  const found = page.split(/^## /m).find(part => part.startsWith(`${title}\n`))
  if (!found) throw new Error(`There is no section "${title}"`)
  return found
}
const blocks = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, block]) => block!)
/** Names in backticks in the first column of a section's table. */
const tableNames = (text: string): string[] =>
  [...text.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, cell]) => cell!.replaceAll('`', '').split(', '))

/** What differs from run to run or grows: ids, times, ports, what the start makes up, migrations. */
const masked = (text: string): string =>
  text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z|^\d\d:\d\d:\d\d\.\d{3}/gm, '<time>')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>')
    .replace(/migrations=\d+/, 'migrations=<count>')
    .replace(/(Password +)\S+(.* kept in )\S+/, '$1<password>$2<folder>')

/** The JSON values of a block, which may go over many lines, and its lines of plain text. */
function readAnswers(text: string): unknown[] {
  const found: unknown[] = []
  let open = ''
  for (const line of text.split('\n')) {
    open = open ? `${open}\n${line}` : line
    if (open.startsWith('{')) {
      try {
        found.push(JSON.parse(open))
      } catch {
        continue
      }
    } else if (open !== '') found.push(open)
    open = ''
  }
  return open ? [...found, open] : found
}

/** How the real answer differs from the shown one, a line each. `…` stands for what was left out. */
function differences(shown: unknown, real: unknown, at: string): string[] {
  if (Array.isArray(shown) && Array.isArray(real)) {
    const isCut = shown.at(-1) === CUT
    const all = isCut ? shown.slice(0, -1) : shown
    if (isCut ? real.length <= all.length : real.length !== all.length) {
      return [`${at} has ${real.length} values, shown are ${all.length}`]
    }
    return all.flatMap((value, i) => differences(value, real[i], `${at}[${i}]`))
  }
  if (isObject(shown) && isObject(real)) {
    const { [CUT]: cut, ...all } = shown
    const hidden = Object.keys(real).filter(key => !(key in all))
    return [
      ...(cut === undefined ? hidden.map(key => `${at}.${key} is not shown`) : []),
      ...(cut !== undefined && hidden.length === 0 ? [`${at} is shown whole`] : []),
      ...Object.keys(all).flatMap(key => differences(all[key], real[key], `${at}.${key}`)),
    ]
  }
  if (typeof shown === 'number' && typeof real === 'number' && at.endsWith('score')) {
    return Math.abs(shown - real) < 0.005 ? [] : [`${at} is ${real}, shown is ${shown}`]
  }
  if (typeof shown === 'string' && typeof real === 'string') {
    const start = shown.endsWith(CUT) ? shown.slice(0, -1) : undefined
    const isTrue = start === undefined ? masked(real) === masked(shown) : real.startsWith(start)
    return isTrue ? [] : [`${at} is ${real}, shown is ${shown}`]
  }
  return shown === real ? [] : [`${at} is ${JSON.stringify(real)}, shown is ${JSON.stringify(shown)}`]
}

/** As GitHub makes them of a page's headings, to be pointed to. */
const headingsOf = (page: string): string[] =>
  [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

describe('the walk-through', () => {
  let temporary: string
  let server: ChildProcess
  let printed = ''
  let base = ''
  beforeAll(async () => {
    temporary = mkdtempSync(join(tmpdir(), 'trove-readme-'))
    const env = {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      TMPDIR: temporary,
      PORT: '0',
      // On a slow machine Trove would group the first few by itself before the rest is READY.
      CLUSTER_MIN_ITEMS: '12',
    }
    server = spawn(process.execPath, ['scripts/simulator.ts'], { cwd: ROOT, env })
    server.stderr!.on('data', data => {
      printed += data
    })
    for await (const data of server.stdout!.iterator({ destroyOnReturn: false })) {
      printed += data
      if (printed.endsWith('\n\n') && printed.includes('API ')) break
    }
    server.stdout!.resume()
    base = /API +(http\S+)\/v1/.exec(printed)?.[1] ?? ''
    if (!base) throw new Error(`The server did not start:\n${printed}`)
  })
  afterAll(async () => {
    if (server.exitCode === null) {
      server.kill('SIGTERM')
      await once(server, 'exit')
    }
    rmSync(temporary, { recursive: true, force: true })
  })

  /** @returns what a shell prints that is given these lines, with our server in the place of the one that they name. */
  async function run(lines: string): Promise<string> {
    const shell = spawn('sh', ['-c', lines.replaceAll(BASE, base)], {
      cwd: temporary,
      timeout: LONGEST_WALK_MS,
    })
    let output = ''
    let errors = ''
    shell.stdout.on('data', data => {
      output += data
    })
    shell.stderr.on('data', data => {
      errors += data
    })
    const [code] = await once(shell, 'close')
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    return output
  }

  test('begins with a start that prints what is shown', () => {
    const said = masked(printed).split('\n')
    const [shown] = blocks(walk, 'text')
    for (const line of masked(shown!).trim().split('\n')) expect(said).toContain(line)
  })

  test(
    'gives the answers that are shown',
    async () => {
      const steps = blocks(walk, 'sh')
      const shown = blocks(walk, 'json')
      expect(steps.length).toBe(shown.length)
      const answers = (await run(steps.join(`\necho '${NEXT}'\n`))).split(`${NEXT}\n`)
      const wrong = shown.flatMap((block, at) =>
        differences(readAnswers(block), readAnswers(answers[at] ?? ''), `step ${at + 1}`),
      )
      expect(wrong).toEqual([])
    },
    LONGEST_WALK_MS,
  )

  test('may begin with the five requests of the README', async () => {
    const [lines] = blocks(section(readme, 'Five requests'), 'sh')
    const answers = (await run(lines!))
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(answers).toMatchObject([
      { save: { raw_share_text: 'for Sunday' } },
      { items: [{}], total: 1 },
      { results: expect.any(Array) },
      { clusters: [] },
    ])
  })

  test('leaves nothing behind', async () => {
    server.kill('SIGTERM')
    await once(server, 'exit')
    expect(readdirSync(temporary)).toEqual([])
    await expect(fetch(base)).rejects.toThrow()
  })
})

describe('the README', () => {
  test('is read in a few minutes, and begins with a picture', () => {
    expect(readme.split('\n').length).toBeLessThanOrEqual(130)
    const [, image] = /^# Trove\n\n!\[[^\]]+\]\((\S+)\)\n/.exec(readme)!
    expect(existsSync(join(ROOT, image!))).toBe(true)
  })
})

describe('a page beside it', () => {
  test('has every script of package.json in its table, and no other', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = tableNames(section(contributing, 'Scripts')).map(name => name.replace(/^npm (run )?/, ''))
    expect(named.sort()).toEqual(Object.keys(scripts).sort())
  })

  test('has a map that is true, of every folder of the house', () => {
    const [map] = blocks(section(contributing, 'The map of the house'), 'text')
    let parent = ''
    const shown = map!.matchAll(/^( *)(\S+\/) /gm).map(([, indent, name]) => {
      if (indent === '') parent = name!
      return indent === '' ? name! : parent + name
    })
    const real = globSync('{src/,jobs,sql,test,scripts,ops,bench,patches,docs}{,/*}/', { cwd: ROOT })
      .map(path => `${path.replace(/\/$/, '')}/`)
      .filter(path => !/^(test|bench|scripts|ops)\/./.test(path))
    expect([...shown].sort()).toEqual([...new Set(real)].sort())
  })

  test('has a map whose files and deeper folders are there', () => {
    const [map] = blocks(section(contributing, 'The map of the house'), 'text')
    const missing: string[] = []
    let [room, folder] = ['', '']
    for (const line of map!.split('\n')) {
      const [, indent, name = ''] = /^( *)(\S+\/) /.exec(line) ?? []
      if (indent === '') room = name
      if (indent !== undefined) folder = indent === '' ? name : join(room, name)
      for (const [found] of line.replace(name, '').matchAll(/[\w-]+(\.(ts|md|sql)\b|\/)/g)) {
        if (!existsSync(join(ROOT, folder, found))) missing.push(join(folder, found))
      }
    }
    expect(missing).toEqual([])
  })

  test('says nothing of a variable that the code does not use', () => {
    const code = globSync('{src,jobs}/**/*.ts', { cwd: ROOT })
      .filter(path => path !== 'src/config/config.ts' && !path.endsWith('/variables.ts'))
      .map(read)
      .join('\n')
    // The only algorithm there is: that it can be named keeps a configuration of others valid.
    const unused = VARIABLE_NAMES.filter(name => !new RegExp(`\\b${name}\\b`).test(code))
    expect(unused).toEqual(['JWT_ALGORITHM'])
  })

  test('shows what a bad configuration prints', () => {
    const [shown] = blocks(configuration, 'text')
    const { status, stderr } = spawnSync(process.execPath, ['src/main.ts'], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, PORT: 'high', ROLE: 'boss' },
    })
    expect({ status, stderr }).toEqual({ status: 78, stderr: shown! })
  })

  test('links to files and headings that are there', () => {
    for (const page of [
      'README.md',
      'CONTRIBUTING.md',
      'CHANGELOG.md',
      ...globSync('docs/**/*.md', { cwd: ROOT }),
    ]) {
      for (const [, link = '', heading] of read(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)) {
        const path = link ? join(page, '..', link) : page
        expect([page, link, existsSync(join(ROOT, path))]).toEqual([page, link, true])
        if (heading)
          expect([page, link, headingsOf(path)]).toEqual([page, link, expect.arrayContaining([heading])])
      }
    }
  })
})

describe('a printed answer', () => {
  const lies = (shown: string, real: string) =>
    differences(readAnswers(shown), readAnswers(real), 'it').length > 0
  test('may differ in ids, times, ports and the last digits of a score, and be cut where it says …', () => {
    const id = () => crypto.randomUUID()
    expect(
      lies(
        `{"id": "${id()}", "at": "2026-11-22T01:55:12.062Z", "score": 0.745, "token": "abc…",\n "list": [1, "…"], "…": "…"}\nplain`,
        `{"id":"${id()}","at":"2026-11-22T02:00:00.000Z","score":0.7451,"token":"abcdef","list":[1,2],"more":1}\nplain\n`,
      ),
    ).toBe(false)
  })
  test.each([
    ['{"message": "Saved."}', '{"message":"Stored."}'],
    ['{"a": 1}', '{"a":1,"b":2}'],
    ['{"a": 1, "b": 2}', '{"a":1}'],
    ['{"a": 1, "…": "…"}', '{"b":1}'],
    ['{"list": [1]}', '{"list":[1,2]}'],
    ['{"a": null}', '{"a":{}}'],
    ['{"score": 0.7}', '{"score":0.8}'],
    ['{"token": "abc…"}', '{"token":"xyz"}'],
    ['{"a": 1}', '{"a":1}\nand more'],
    ['{"a": 1}', ''],
  ])('%p is a lie when the answer is %p', (shown, real) => {
    expect(lies(shown, real)).toBe(true)
  })
})
