import { expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { EDITIONS, levelOf } from '../../scripts/levels.ts'

test('every file of the editions is there, and can run where it is listed', () => {
  for (const [file, editions] of Object.entries(EDITIONS)) {
    expect([file, existsSync(file)]).toEqual([file, true])
    const isForBun = /^import .* from 'bun:test'$/m.test(readFileSync(file, 'utf8'))
    if (isForBun) expect([file, editions]).toEqual([file, ['Bun, embedded']])
  }
})

test('every file that is written for both runtimes is run on Deno', () => {
  const onDeno = Object.keys(EDITIONS).filter(file => EDITIONS[file]!.some(it => it.startsWith('Deno')))
  const written = [...new Bun.Glob('test/**/*.test.ts').scanSync()].filter(file =>
    /^import .* from 'node:test'$/m.test(readFileSync(file, 'utf8')),
  )
  expect(written.sort()).toEqual(onDeno.sort())
})

test.each([
  ['test/models/topic.test.ts', 'pure'],
  ['test/library/items.test.ts', 'room'],
  ['test/contract/items.test.ts', 'contract'],
  ['test/flows/queue.test.ts', 'room'],
  ['test/flows/stops.test.ts', 'flow'],
  // By way of its own helpers.
  ['test/operations/backup.test.ts', 'flow'],
  ['test/browser/library-axe.test.ts', 'outside'],
  ['test/readme.test.ts', 'outside'],
] as const)('%s is of the level %s', (file, level) => {
  expect(levelOf(file)).toBe(level)
})
