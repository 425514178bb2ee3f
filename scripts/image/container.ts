// One container: the image's files, read-only, as its own user, without any right, with its own process ids. As a
// container runtime would make it, from the kernel's namespaces alone. Needs root.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { BuiltImage } from './build.ts'

/** Its arguments: the root, the folder for /data or -, then a command of this machine. All mounts go with the namespace. */
const PREPARE = `set -eu
root=$1 data=$2
shift 2
mount --bind "$root" "$root"
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
mount -t tmpfs -o nosuid,mode=0755 tmpfs "$root/dev"
for device in null zero full random urandom; do
  : >"$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mount -t tmpfs -o nosuid,nodev,size=64m,mode=1777 tmpfs "$root/tmp"
if [ "$data" != - ]; then mount --bind "$data" "$root/data"; fi
mount -o remount,ro "$root/dev"
mount -o remount,bind,ro "$root"
exec "$@"`

export interface Container {
  /** All that it has printed until now. */
  printed(): string
  /** The first process, seen from here. */
  pid(): number
  /** Runs another command in it, as the image's user, and resolves with its exit code and output. */
  exec(command: string[]): Promise<{ code: number | null; output: string }>
  /** Sends the signal to the first process alone, as a runtime does. */
  kill(signal: NodeJS.Signals): void
  /** The exit code of the first process; rejects when it has not ended in `seconds`. */
  ended(seconds?: number): Promise<number>
  /** Ends it now, if it has not ended. */
  remove(): Promise<void>
}

/**
 * Starts the image's command with its environment and `env`; it ends with this process.
 * @param options.data the folder at /data, which is then the only one that stays and can be written to
 * @param options.command what runs in place of the image's own command
 */
export function startContainer(
  image: BuiltImage,
  env: Record<string, string> = {},
  options: { data?: string; command?: string[] } = {},
): Container {
  const { config, root } = image
  const [uid = '', gid = ''] = config.User.split(':')
  const asUser = ['--setgid', gid, '--setuid', uid]
  const assignments = [...config.Env, ...Object.entries(env).map(pair => pair.join('='))]
  // What comes before the last change of root and user are programs of this machine, so they are named by their paths.
  const bare = ['setpriv', '--no-new-privs', '--clear-groups', '--', '/usr/bin/env', '-i', ...assignments]

  const namespaces = ['--mount', '--pid', '--ipc', '--uts', '--fork', '--kill-child=SIGKILL']
  const own = options.command ?? [...(config.Entrypoint ?? []), ...config.Cmd]
  const child = start([
    ...['setpriv', '--pdeathsig', 'KILL', '--', 'unshare', ...namespaces, '--'],
    ...['sh', '-c', PREPARE, 'sh', root, options.data ?? '-', ...bare],
    ...['/usr/bin/unshare', `--root=${root}`, `--wd=${config.WorkingDir}`, ...asUser, '--', ...own],
  ])
  const printed = collect(child)
  const exit = once(child, 'close').then(([code]) => (code ?? 255) as number)
  const pid = () => firstChild(child.pid!)
  // Its first process takes all others with it. What stands before it would only leave it behind.
  const removeNow = () => {
    try {
      process.kill(pid(), 'SIGKILL')
    } catch {
      // It has ended, or not begun.
      child.kill('SIGKILL')
    }
  }
  process.once('exit', removeNow)
  void exit.then(() => process.off('exit', removeNow))
  return {
    printed,
    pid,
    exec: async command => {
      const into = ['--target', String(pid()), '--mount', '--pid', '--ipc', '--uts', '--root', '--wd']
      const run = start([...bare, '/usr/bin/nsenter', ...into, ...asUser, '--', ...command])
      const output = collect(run)
      const [code] = await once(run, 'close')
      return { code, output: output() }
    },
    kill: signal => process.kill(pid(), signal),
    ended: async (seconds = 60) => {
      const late = Symbol()
      const code = await Promise.race([exit, delay(seconds * 1000, late)])
      if (code === late) throw new Error(`it had not ended after ${seconds} s; it printed: ${printed()}`)
      return code as number
    },
    remove: async () => {
      removeNow()
      await exit
    },
  }
}

function start([file = '', ...args]: string[]): ChildProcess {
  return spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] })
}

function collect(child: ChildProcess): () => string {
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', data => (output += data))
  return () => output
}

function firstChild(parent: number): number {
  const [pid = ''] = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ')
  if (pid === '') throw new Error('The container has ended')
  return Number(pid)
}
