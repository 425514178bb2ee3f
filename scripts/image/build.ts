// Builds the real Dockerfile with buildah, which needs no engine: on a base made here, from a copy of this folder in
// which secrets and leftovers lie about.
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFileSync, chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { runCommand } from '../command.ts'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const BASE = 'localhost/trove-base'
const NAME = 'localhost/trove'

/** Keeps the base between runs; what one run makes is in a folder of its own below it. */
export const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'trove-image')

/** What a careless checkout has in it. None of it may reach the image. */
const LEFT_ABOUT = [
  ...['.env', '.env.production', '.npmrc', 'id_rsa', 'dump.sql', '.git/config', 'data/secrets.json'],
  ...[
    'node_modules/left/index.js',
    'src/.env',
    'src/ground/debug.log',
    'test/left.test.ts',
    'scripts/image/left.ts',
  ],
]

export interface BuiltImage {
  /** The folder with all its files. */
  root: string
  /** What a container runtime reads of it. */
  config: {
    User: string
    Env: string[]
    Cmd: string[]
    Entrypoint: string[] | null
    WorkingDir: string
    Labels: Record<string, string>
    Healthcheck?: { Test: string[] }
    StopSignal?: string
  }
  /** Its description and history as JSON. */
  description: string
  /** Bytes. */
  size: number
  baseSize: number
  /** A text that stands in each of the files that were left about, and in the secret that the build was given. */
  canary: string
}

/** Makes a new folder for one run. Who asks removes it. */
export function newRunFolder(): string {
  mkdirSync(CACHE, { recursive: true })
  return mkdtempSync(join(CACHE, 'run-'))
}

/** Makes the base unless the cache has it, builds the image in `folder`, and unpacks it there. */
export async function buildImage(folder: string): Promise<BuiltImage> {
  const canary = `canary-${randomBytes(16).toString('hex')}`
  const base = await baseArchive()
  const context = copyContext(folder, canary)
  const env = {
    ...process.env,
    STORAGE_DRIVER: 'vfs',
    BUILDAH_ISOLATION: 'chroot',
    TMPDIR: join(folder, 'tmp'),
  }
  mkdirSync(env.TMPDIR)
  // Plain copies for layers: they take no mount, so that removing the folder removes everything.
  const store = ['--storage-driver', 'vfs', '--root', join(folder, 'store'), '--runroot', join(folder, 'run')]
  const buildah = (...args: string[]) =>
    execFileSync('buildah', [...store, ...args], { env, encoding: 'utf8', maxBuffer: 1e8 }).trim()

  const scratch = buildah('from', 'scratch')
  buildah('add', '--quiet', scratch, base, '/')
  // As the usual base has one; the image must not depend on it.
  buildah('config', '--entrypoint', '["/usr/local/bin/docker-entrypoint.sh"]', scratch)
  buildah('commit', '--quiet', '--rm', scratch, BASE)

  const command = ['nice', '-n', '10', 'buildah', ...store, 'bud', '--format', 'docker', '--tag', NAME]
  command.push('--build-arg', `BASE_IMAGE=${BASE}`, ...secret(folder, canary), context)
  if ((await runCommand(command, { env })) !== 0) throw new Error('The Dockerfile could not be built')

  const description = buildah('inspect', '--type', 'image', NAME)
  return {
    root: buildah('mount', buildah('from', '--pull-never', NAME)),
    config: JSON.parse(description).Docker.config,
    description,
    size: sizeOf(buildah('images', '--json', NAME)),
    baseSize: sizeOf(buildah('images', '--json', BASE)),
    canary,
  }
}

async function baseArchive(): Promise<string> {
  const archive = join(CACHE, `base-bun-${process.versions.bun}.tar`)
  if (!existsSync(archive)) {
    console.log('Making the base image with debootstrap (a minute) ...')
    const made = await runCommand(['sh', 'scripts/image/make-base.sh', process.execPath, archive])
    if (made !== 0) throw new Error('The base image could not be made')
  }
  return archive
}

/** Only its owner may read it, as in a checkout of somebody careful. */
function copyContext(folder: string, canary: string): string {
  const context = join(folder, 'context')
  const left = ['node_modules', '.git', 'data'].map(name => join(ROOT, name))
  cpSync(ROOT, context, { recursive: true, filter: path => !left.includes(path) })
  for (const name of LEFT_ABOUT) {
    mkdirSync(dirname(join(context, name)), { recursive: true })
    writeFileSync(join(context, name), canary)
  }
  execFileSync('chmod', ['-R', 'go=', context])
  return context
}

/** The secret of the build: who is behind a certificate authority of their own names it there, as this machine may be. */
function secret(folder: string, canary: string): string[] {
  const npmrc = join(folder, 'npmrc')
  const authority = process.env.NODE_EXTRA_CA_CERTS
  writeFileSync(npmrc, `; ${canary}\n`)
  chmodSync(npmrc, 0o600)
  const given = ['--secret', `id=npmrc,src=${npmrc}`]
  if (!authority) return given
  const inside = '/tmp/authority.crt'
  appendFileSync(npmrc, `cafile=${inside}\n`)
  return [...given, '--volume', `${authority}:${inside}:ro`]
}

const sizeOf = (json: string): number => {
  const [amount = '0', unit = 'B'] = String(JSON.parse(json)[0].size).split(' ')
  return Number(amount) * ({ KB: 1e3, MB: 1e6, GB: 1e9 }[unit] ?? 1)
}
