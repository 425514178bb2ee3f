import { expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { runCommand } from '../../scripts/command.ts'

test('a command resolves with its exit code, 128 and more when a signal ended it', async () => {
  expect(await runCommand(['true'])).toBe(0)
  expect(await runCommand(['sh', '-c', 'exit 7'])).toBe(7)
  expect(await runCommand(['sh', '-c', 'kill -TERM $$'])).toBe(128 + 15)
})

test('a command that cannot be started resolves with 127', async () => {
  expect(await runCommand(['/nowhere/no-such-command'])).toBe(127)
})

test('a command sees the environment that it is given', async () => {
  expect(await runCommand(['sh', '-c', 'exit $CODE'], { env: { ...process.env, CODE: '9' } })).toBe(9)
})

test('what a group leaves behind ends with it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trove-command-'))
  try {
    const file = join(folder, 'pid')
    expect(await runCommand(['sh', '-c', `sleep 60 & echo $! > ${file}`], { group: true })).toBe(0)
    const left = Number(readFileSync(file, 'utf8'))
    expect(left).toBeGreaterThan(1)
    while (isAlive(left)) await delay(10)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
