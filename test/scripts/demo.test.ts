// npm run demo as somebody meets it who has never seen Trove. That it groups is in test/portability/flow.test.ts.
import { expect, test } from 'bun:test'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runDemo } from '../../scripts/demo-flow.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

test('the library that it fills is open to its owner while it is kept, and gone afterwards', async () => {
  let address = ''
  const result = await runDemo({
    videos: 6,
    onFilled: async ({ base, email, password }) => {
      address = base
      expect((await fetch(`${base}/library`)).status).toBe(200)
      const login = await fetch(`${base}/v1/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password }),
      })
      const { access_token } = (await login.json()) as { access_token: string }
      const list = await fetch(`${base}/v1/items`, { headers: { authorization: `Bearer ${access_token}` } })
      expect(await list.json()).toMatchObject({ total: 6 })
    },
  })
  expect(result.ready).toBe(6)
  await expect(fetch(address)).rejects.toThrow()
})

test('Ctrl-C stops it while it fills, and leaves nothing behind', async () => {
  const TMPDIR = mkdtempSync(join(tmpdir(), 'trove-demo-test-'))
  const { PATH = '', HOME = '' } = process.env
  const demo = spawn(process.execPath, ['scripts/demo.ts', '--keep'], {
    cwd: ROOT,
    env: { PATH, HOME, TMPDIR },
  })
  let printed = ''
  for await (const data of demo.stdout!.iterator({ destroyOnReturn: false })) {
    printed += data
    if (printed.includes('starting a server')) break
  }
  demo.stdout!.on('data', data => {
    printed += data
  })
  demo.kill('SIGINT')
  const [code] = await once(demo, 'close')
  expect([code, printed]).toEqual([130, expect.stringMatching(/Stopped\.\n$/)])
  expect(readdirSync(TMPDIR)).toEqual([])
  rmSync(TMPDIR, { recursive: true })
})

test('a word that it does not know starts nothing', () => {
  const run = (word: string) =>
    spawnSync(process.execPath, ['scripts/demo.ts', word], { cwd: ROOT, encoding: 'utf8' })
  expect(run('--kepp').status).toBe(64)
  const { status, stdout } = run('--help')
  expect([status, stdout]).toEqual([0, expect.stringContaining('npm run demo -- --keep')])
})
