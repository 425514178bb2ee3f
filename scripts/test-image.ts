// npm run test:image: builds the Dockerfile and tries the image, on Debian as root, without a container engine.
// buildah builds it on a base made from Debian's packages. The kernel's namespaces run it: read-only, as its own user,
// with itself as the first process, in a network of loopback alone. What only an engine can show is not tried: its pull of
// the usual base, its schedule of health checks, the limits of compose.yaml.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { exitOnSignals, runCommand } from './command.ts'
import { buildImage, CACHE, newRunFolder, ROOT } from './image/build.ts'

const ON_LOOPBACK = ['unshare', '--net', '--', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh']

exitOnSignals()
process.chdir(ROOT)
const start = performance.now()

async function run(command: string[]): Promise<void> {
  const code = await runCommand(command)
  if (code !== 0) throw new Error(`This ended with code ${code}: ${command.join(' ')}`)
}

try {
  await run(['sh', 'scripts/image/install-tools.sh'])
  await run(['sh', 'scripts/install-postgres.sh'])
  console.log(`The base image is kept in ${CACHE}; the rest is removed at the end.`)
  const folder = newRunFolder()
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  console.log('\n── the files beside the image')
  await run([process.execPath, 'test', './test/scripts/image.test.ts'])
  console.log('\n── building')
  writeFileSync(join(folder, 'image.json'), JSON.stringify(await buildImage(folder)))
  await run([...ON_LOOPBACK, process.execPath, 'scripts/image/try-image.ts', folder])
  console.log(`image: PASS (${Math.round((performance.now() - start) / 1000)} s)`)
} catch (error) {
  console.log(`${(error as Error).message}\nimage: FAIL`)
  process.exitCode = 1
}
// What waits for signals would keep it going.
process.exit()
