// Tries an image that was built: what is in it, and what it does. Started by scripts/test-image.ts in a network
// namespace that has loopback alone. Arguments: the folder of the run, which has the image's description.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { startPlatformSimulator } from '../../test/simulators/platforms.ts'
import { exitOnSignals } from '../command.ts'
import { startPostgres } from '../postgres.ts'
import { tryEmbedded, tryOtherStarts, tryWithPostgres } from './behaviour.ts'
import type { BuiltImage } from './build.ts'
import { Checks } from './checks.ts'
import { checkContents } from './contents.ts'

exitOnSignals()
const [folder = ''] = process.argv.slice(2)
const image = JSON.parse(readFileSync(join(folder, 'image.json'), 'utf8')) as BuiltImage
const checks = new Checks()

console.log('\n── what is in it')
await checkContents(checks, image)

console.log('\n── what it does')
const simulator = await startPlatformSimulator()
const postgres = await startPostgres()
try {
  await tryWithPostgres(checks, image, postgres.url, simulator)
  await tryOtherStarts(checks, image, postgres.url)
  await tryEmbedded(checks, image, folder)
} finally {
  await postgres.stop()
  await simulator.close()
}

console.log(`\n${checks.passed} passed, ${checks.failed} failed`)
process.exit(checks.failed === 0 ? 0 : 1)
