// Makes pictures small, in processes that start when they are needed and end when they are idle.
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Width } from './widths.ts'

export interface ToShrink {
  bytes: Uint8Array
  widths: readonly Width[]
}

/** What the process answers. */
export type Shrunk = { pictures: Uint8Array[] } | { refused: string }

/** The picture was at fault: it is none that we show, or it broke the process. */
export class BadPicture extends Error {}

export interface Shrinker {
  /**
   * WebP in each of the widths, in their order, without metadata. As many calls as there are at once, so many processes
   * there are.
   * @throws {BadPicture}
   */
  shrink(asked: ToShrink): Promise<Uint8Array[]>
  /** Ends the processes, whatever they are doing. */
  close(): void
}

const PROCESS = fileURLToPath(new URL('./shrink-process.ts', import.meta.url))
/** Of one picture, the start of the process included. The largest that are allowed take two; the machine may be busy. */
const DECODE_MS = 10_000
const IDLE_MS = 30_000

export function createShrinker({ decodeMs = DECODE_MS, idleMs = IDLE_MS } = {}): Shrinker {
  const all = new Set<ChildProcess>()
  const idle: { child: ChildProcess; timer: ReturnType<typeof setTimeout> }[] = []

  function start(): ChildProcess {
    const child = fork(PROCESS, [], {
      serialization: 'advanced',
      env: {},
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    all.add(child)
    const gone = () => {
      all.delete(child)
      const at = idle.findIndex(each => each.child === child)
      if (at >= 0) clearTimeout(idle.splice(at, 1)[0]!.timer)
    }
    child.on('error', gone)
    child.on('exit', gone)
    // A server that stops need not wait for it. Bun's channel needs no word of its own.
    child.unref()
    child.channel?.unref?.()
    return child
  }

  function rest(child: ChildProcess): void {
    if (!all.has(child)) return
    const timer = setTimeout(() => child.kill('SIGKILL'), idleMs)
    timer.unref()
    idle.push({ child, timer })
  }

  function take(): ChildProcess {
    const free = idle.pop()
    clearTimeout(free?.timer)
    return free?.child ?? start()
  }

  return {
    async shrink(asked) {
      const child = take()
      const answer = await ask(child, asked, decodeMs)
      if (answer === undefined) {
        all.delete(child)
        child.kill('SIGKILL')
        throw new BadPicture('It broke the decoder, or took too long')
      }
      rest(child)
      if ('refused' in answer) throw new BadPicture(answer.refused)
      return answer.pictures
    },
    close() {
      for (const child of all) child.kill('SIGKILL')
      for (const { timer } of idle.splice(0)) clearTimeout(timer)
      all.clear()
    },
  }
}

/** The child's answer; undefined when there is none in time, or no child any more. */
async function ask(child: ChildProcess, asked: ToShrink, ms: number): Promise<Shrunk | undefined> {
  const { promise, resolve } = Promise.withResolvers<Shrunk | undefined>()
  const timer = setTimeout(resolve, ms)
  const fail = () => resolve(undefined)
  child.on('message', resolve as (message: unknown) => void)
  child.on('exit', fail)
  child.on('error', fail)
  child.send(asked, error => {
    if (error) fail()
  })
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    child.off('message', resolve as (message: unknown) => void)
    child.off('exit', fail)
    child.off('error', fail)
  }
}
