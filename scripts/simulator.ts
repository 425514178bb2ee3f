// npm run simulator: Trove with YouTube and Instagram simulated on this machine, so that it needs no internet and
// gives everybody the same answers. On a folder of its own, removed at the end, unless DATA_DIR names one.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { startPlatformSimulator } from '../test/simulators/platforms.ts'
import { exitOnSignals, runCommand } from './command.ts'

exitOnSignals()
const folder = mkdtempSync(join(tmpdir(), 'trove-simulator-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))

const { env, videos, posts } = await startPlatformSimulator()
console.log(`Simulating YouTube (${videos.length} videos) and Instagram (${posts.length} posts) ...`)
const server = [process.execPath, fileURLToPath(new URL('../src/main.ts', import.meta.url))]
// A group of its own: Ctrl-C reaches this process, which passes it on once. A second one would end it at once.
// What the operator allows stays allowed: a receiver of webhooks, say.
const FETCH_ALLOW_HOSTS = [env.FETCH_ALLOW_HOSTS, process.env.FETCH_ALLOW_HOSTS].filter(Boolean).join()
const all = { DATA_DIR: folder, ...process.env, ...env, FETCH_ALLOW_HOSTS }
process.exit(await runCommand(server, { group: true, env: all }))
