// The thread in which the embedded Postgres runs: a statement blocks its thread, never the HTTP loop.
import { workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { vector } from '@electric-sql/pglite-pgvector'
import { serveThread } from '../threads.ts'
import { serveEmbedded } from './embedded-server.ts'

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
  const db = await PGlite.create({ dataDir: folder, extensions: { vector, pg_trgm } })
  const server = await serveEmbedded(db, socket)
  stop = async () => {
    await server.close()
    await db.close()
  }
})
