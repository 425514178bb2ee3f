// The thread in which the embedded Postgres runs: a statement blocks its thread, never the HTTP loop.
import { workerData } from 'node:worker_threads'
import { serveThread } from '../../threads.ts'
import { serveEmbedded } from './embedded-server.ts'
import { openFiles } from './open-files.ts'

export interface EmbeddedThreadData {
  /** Where Postgres keeps its files. */
  folder: string
  /** The Unix socket to serve. */
  socket: string
}

const { folder, socket } = workerData as EmbeddedThreadData
let stop = async () => {}

serveThread<'open' | 'close', void>(async request => {
  if (request === 'close') return stop()
  const db = await openFiles(folder)
  const server = await serveEmbedded(db, socket)
  stop = async () => {
    await server.close()
    await db.close()
  }
})
