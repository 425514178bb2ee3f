// `scripts/run.sh`, where no Bun is on the path, has npx bring one.
import { afterAll, expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = mkdtempSync(join(tmpdir(), 'trove-run-'))
afterAll(() => rmSync(folder, { recursive: true }))

const path = (process.env.PATH ?? '').split(delimiter).filter(it => it && !existsSync(join(it, 'bun')))
const hasNpx = path.some(it => existsSync(join(it, 'npx')))

test.skipIf(!hasNpx)(
  'npx takes no Bun that somebody has put into a shared temporary folder',
  () => {
    const project = join(folder, 'project')
    for (const name of ['package.json', 'bun.lock', 'patches', 'scripts/run.sh']) {
      const from = fileURLToPath(new URL(`../../${name}`, import.meta.url))
      cpSync(from, join(project, name), { recursive: true })
    }
    // All that npx looks upwards for: a package of the right version, and a workspace that takes in every folder.
    const shared = join(folder, 'shared')
    const planted = join(shared, 'node_modules', 'bun')
    mkdirSync(planted, { recursive: true })
    const version: string = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')).dependencies.bun
    writeFileSync(
      join(planted, 'package.json'),
      JSON.stringify({ name: 'bun', version, bin: { bun: 'x.sh' } }),
    )
    writeFileSync(join(planted, 'x.sh'), `#!/bin/sh\ntouch "${folder}/ran"\n`, { mode: 0o755 })
    mkdirSync(join(shared, 'node_modules', '.bin'))
    symlinkSync('../bun/x.sh', join(shared, 'node_modules', '.bin', 'bun'))
    writeFileSync(join(shared, 'package.json'), JSON.stringify({ name: 'shared', workspaces: ['*'] }))

    // Off line, so that all it can find is what lies about.
    const env = {
      PATH: path.join(delimiter),
      HOME: folder,
      TMPDIR: shared,
      npm_config_cache: join(folder, 'cache'),
      npm_config_offline: 'true',
    }
    const { status } = spawnSync('sh', [join(project, 'scripts/run.sh'), 'true'], { env })
    expect(status).not.toBe(0)
    expect(existsSync(join(folder, 'ran'))).toBe(false)
    expect(readdirSync(shared).sort()).toEqual(['node_modules', 'package.json'])
  },
  60_000,
)
