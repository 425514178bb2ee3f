// What is inside the image, and what must not be.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type BuiltImage, ROOT } from './build.ts'
import { type Checks, none } from './checks.ts'

const TOOLS = [
  ...['cc', 'gcc', 'g++', 'c++', 'clang', 'ld', 'as', 'make', 'cmake', 'tsc', 'python3', 'perl-dev', 'cargo'],
  ...['npm', 'npx', 'yarn', 'pnpm', 'git', 'curl', 'wget', 'buildah', 'debootstrap', 'psql', 'deno'],
]
const SHIPPED = ['LICENSE', 'jobs', 'node_modules', 'package.json', 'scripts', 'sql', 'src']
const PASSED_ON = ['NODE_ENV', 'ENVIRONMENT', 'HOST', 'PORT', 'DATA_DIR', 'BUN_RUNTIME_TRANSPILER_CACHE_PATH']

export async function checkContents(checks: Checks, image: BuiltImage): Promise<void> {
  const { root, config } = image
  const app = join(root, 'app')
  const modules = join(app, 'node_modules')
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

  await checks.that('starts the server itself, as a user with a number, and has a health check', () => {
    assert.deepEqual(config.Cmd, ['bun', 'src/main.ts'])
    assert.equal(config.Entrypoint?.length ?? 0, 0)
    assert.match(config.User, /^[1-9]\d*:[1-9]\d*$/)
    assert.equal(config.Healthcheck?.Test[0], 'CMD')
    assert.equal(config.StopSignal, 'SIGTERM')
    assert.equal(config.Labels['org.opencontainers.image.version'], manifest.version)
  })
  await checks.that('sets no variable but these', () => {
    const names = config.Env.map(each => each.split('=')[0]!).filter(name => name !== 'PATH')
    assert.deepEqual(names.sort(), [...PASSED_ON].sort())
    return names.join(', ')
  })
  await checks.that('has no compiler, package manager or downloader', () => {
    const folders = ['bin', 'sbin', 'usr/bin', 'usr/sbin', 'usr/local/bin', 'usr/local/sbin', 'opt']
    none(
      folders.flatMap(folder =>
        TOOLS.map(tool => join(folder, tool)).filter(path => existsSync(join(root, path))),
      ),
    )
  })
  await checks.that('/app holds what the server needs, and no test, bench, document or hidden file', () => {
    assert.deepEqual(readdirSync(app).sort(), SHIPPED)
    assert.deepEqual(globSync('scripts/**/*.*', { cwd: app }).sort(), [
      'scripts/image/healthcheck.ts',
      'scripts/reembed.ts',
    ])
    none(globSync('{src,jobs,sql}/**/{*.test.*,.*,*.log}', { cwd: app }))
  })
  await checks.that('has every dependency but the runtime, patched as here', () => {
    const wanted = Object.keys(manifest.dependencies).filter(name => name !== 'bun')
    none(wanted.filter(name => !existsSync(join(modules, name, 'package.json'))))
    for (const patched of Object.keys(manifest.patchedDependencies)) {
      const name = patched.slice(0, patched.lastIndexOf('@'))
      for (const file of globSync(`${name}/src/*.js`, { cwd: modules })) {
        const [inside, here] = [modules, join(ROOT, 'node_modules')].map(at =>
          readFileSync(join(at, file), 'utf8'),
        )
        assert(inside === here, `${file} differs`)
      }
    }
    return `${wanted.length} packages`
  })
  await checks.that('has no development dependency, and no second runtime', () => {
    const unwanted = [
      ...Object.keys(manifest.devDependencies),
      'bun',
      '@oven/bun-linux-x64',
      'bun-types',
      '@types',
    ]
    none(unwanted.filter(name => existsSync(join(modules, name))))
  })
  await checks.that('/app belongs to root, and everybody may read it but nobody else write', () => {
    const odd = [
      '(',
      '-not',
      '-user',
      '0',
      '-o',
      '-perm',
      '/6022',
      '-not',
      '-type',
      'l',
      '-o',
      '-not',
      '-perm',
      '-o=r',
      ')',
    ]
    none(
      execFileSync('find', [app, ...odd], { encoding: 'utf8' })
        .split('\n')
        .filter(Boolean),
    )
    const data = statSync(join(root, 'data'))
    assert.deepEqual([data.uid, data.gid, data.mode & 0o777], [1000, 1000, 0o700])
    assert.deepEqual(readdirSync(join(root, 'data')), [])
  })
  await checks.that('nothing that was left about or secret is in its files, history or settings', () => {
    assert(!image.description.includes(image.canary), 'the history has it')
    const found = spawnSync('grep', ['-rlF', image.canary, root], { encoding: 'utf8' })
    assert.equal(found.status, 1, found.stdout)
  })
  await checks.that('its size', () => {
    const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`
    const [kilobytes = '0'] = execFileSync('du', ['-sk', app], { encoding: 'utf8' }).split('\t')
    return `${megabytes(image.size)}, of which ${megabytes(image.baseSize)} are the base; /app takes ${megabytes(Number(kilobytes) * 1024)}`
  })
}
