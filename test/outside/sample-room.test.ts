// The room of CONTRIBUTING.md, put into a copy of the project: everything that follows from its declarations covers it
// without another edit.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { usesRealPostgres } from '../support/database.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const COPIED = ['src', 'jobs', 'sql', 'test', 'scripts', 'docs', 'patches']
const FILES = [
  'package.json',
  'bunfig.toml',
  'tsconfig.json',
  '.env.example',
  'compose.yaml',
  'CONTRIBUTING.md',
]
const TOO_LONG_MS = 180_000

let copy: string
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'trove-sample-room-'))
  for (const name of [...COPIED, ...FILES]) cpSync(join(ROOT, name), join(copy, name), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  for (const [path, text] of sampleFiles()) {
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    writeFileSync(join(copy, path), text)
  }
  const rooms = readFileSync(join(copy, 'src/rooms.ts'), 'utf8')
  const withLabels = rooms
    .replace('ROOMS: Room[] = [', 'ROOMS: Room[] = [')
    .replace(/(\n {2}web,\n\])/, '\n  labels,$1')
    .replace(/^(import )/m, "import { labels } from './labels/room.ts'\n$1")
  writeFileSync(join(copy, 'src/rooms.ts'), withLabels)
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

/** The blocks of code of CONTRIBUTING.md that begin with the path of a file. */
function sampleFiles(): [path: string, text: string][] {
  const text = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8')
  const blocks = text.matchAll(/```(?:ts|sql)\n(?:\/\/|--) (\S+)\n([\s\S]*?)```/g)
  return [...blocks].map(([, path, code]) => [path!, code!])
}

function run(...command: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: copy,
    encoding: 'utf8',
    timeout: TOO_LONG_MS,
    // The document has changed, and that is meant.
    env: { ...process.env, UPDATE_SNAPSHOT: '1' },
  })
  return { status, output: stdout + stderr }
}

describe('the room of CONTRIBUTING.md', () => {
  test('is six files', () => {
    expect(sampleFiles().map(([path]) => path)).toEqual([
      'sql/9001_labels.sql',
      'src/labels/store.ts',
      'src/labels/routes.ts',
      'src/labels/variables.ts',
      'src/labels/room.ts',
      'jobs/count-labels.ts',
    ])
  })

  test(
    'is right by its types, and by the rules of the house',
    () => {
      const types = run('node_modules/typescript/bin/tsc', '-p', '.', '--noEmit')
      expect(types.output.split('\n').filter(line => /^(src|jobs)\//.test(line))).toEqual([])
      const structure = run('test', './test/structure.test.ts')
      expect([structure.status, structure.output]).toEqual([0, expect.stringContaining(' 0 fail')])
    },
    TOO_LONG_MS,
  )

  test.skipIf(!usesRealPostgres)(
    'passes what every route, table and job passes',
    () => {
      const { status, output } = run(
        'test',
        `--timeout=${TOO_LONG_MS}`,
        './test/contract/routes.test.ts',
        './test/rooms.test.ts',
        './test/openapi/document.test.ts',
      )
      expect([status, output]).toEqual([0, expect.stringContaining(' 0 fail')])
    },
    TOO_LONG_MS,
  )

  test(
    'stands in .env.example, in the table of variables and in the container’s list by one command',
    () => {
      expect(run('scripts/generate.ts', '--check').status).toBe(1)
      expect(run('scripts/generate.ts').status).toBe(0)
      expect(run('scripts/generate.ts', '--check').status).toBe(0)
      const texts = ['.env.example', 'docs/configuration.md', 'compose.yaml'].map(path =>
        readFileSync(join(copy, path), 'utf8'),
      )
      expect(texts.filter(text => !text.includes('LABELS_MOST'))).toEqual([])
    },
    TOO_LONG_MS,
  )
})
