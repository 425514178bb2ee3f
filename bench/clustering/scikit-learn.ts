// scikit-learn in a process of its own, with one thread, that answers one fit after the other.
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

export interface Fit {
  ms: number
  cpu_ms: number
  inertia: number
  labels: number[]
}

export interface ScikitLearn {
  version: string
  /** KMeans with k-means++ starts, the best of `n_init`. @param points a file of 32-bit floats, row-major */
  fit(ask: { points: string; dimensions: number; k: number; n_init: number; seed: number }): Promise<Fit>
  close(): void
}

/** @throws when Debian's python3-sklearn is not there */
export async function startScikitLearn(python = '/usr/bin/python3'): Promise<ScikitLearn> {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
    python,
    [new URL('./scikit_learn.py', import.meta.url).pathname],
    {
      env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error('scikit-learn ended; is python3-sklearn installed?')
    return JSON.parse(value)
  }
  const { version } = await answer()
  return {
    version,
    fit: ask => {
      child.stdin.write(`${JSON.stringify(ask)}\n`)
      return answer()
    },
    close: () => child.stdin.end(),
  }
}
