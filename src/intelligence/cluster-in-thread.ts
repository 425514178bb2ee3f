// Clustering away from the event loop: seconds of arithmetic would stop heartbeats and answers.
import { startThread } from '../threads.ts'
import type { ClusterInput, ClusterResult } from './cluster-engine.ts'
import { type ClusterRequest, type ClusterResponse, readResult, writeInput } from './cluster-messages.ts'

/**
 * `clusterLibrary` in a thread of its own, which ends with the run, so that a big run's memory goes back.
 * The buffer of `input.vectors` moves to the thread: the caller cannot read it afterwards.
 * @throws what `clusterLibrary` throws, or that the thread died
 */
export async function clusterInThread(input: ClusterInput): Promise<ClusterResult> {
  const thread = startThread<ClusterRequest, ClusterResponse>(new URL('./cluster-thread.ts', import.meta.url))
  try {
    return readResult(await thread.call(writeInput(input), [input.vectors.buffer as ArrayBuffer]))
  } finally {
    await thread.close()
  }
}
