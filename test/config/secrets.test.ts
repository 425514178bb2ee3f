import { expect, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SECRETS = fileURLToPath(new URL('../../src/config/secrets.ts', import.meta.url))
const PROCESSES = 12

/** Many times in one process, so that the processes meet at some of the folders. */
const script = (folders: string[]) => `
  import { completeSecrets } from ${JSON.stringify(SECRETS)}
  for (const DATA_DIR of ${JSON.stringify(folders)}) console.log(completeSecrets({ DATA_DIR }).config.JWT_SECRET_KEY)`

test('processes that start at once in one folder agree on the secrets, which only their owner can read', async () => {
  const root = mkdtempSync(join(tmpdir(), 'trove-secrets-'))
  const folders = Array.from({ length: 100 }, (_, n) => join(root, String(n)))
  const outputs = await Promise.all(
    Array.from({ length: PROCESSES }, async () => {
      const child = spawn(process.execPath, ['-e', script(folders)], { stdio: ['ignore', 'pipe', 'pipe'] })
      let output = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', data => (output += data))
      await new Promise(resolve => child.once('close', resolve))
      return output
    }),
  )
  expect(new Set(outputs).size).toBe(1)
  expect(outputs[0]!.trim().split('\n')).toHaveLength(folders.length)
  for (const folder of folders) {
    expect(readdirSync(folder)).toEqual(['secrets.json'])
    expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600)
  }
  rmSync(root, { recursive: true })
})
