// Opens Postgres on its own files: for the embedded database's thread, and for what backs it up. Apart from the
// folders, since it loads PGlite, which a server on a real Postgres has no use for.
import { PGlite } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { vector } from '@electric-sql/pglite-pgvector'

/**
 * Opens Postgres on `folder`, making its files when there are none. It blocks its thread while it works.
 * @param dump what `dumpDataDir` gave: the new folder begins with it
 */
export const openFiles = (folder: string, dump?: Blob): Promise<PGlite> =>
  PGlite.create({
    dataDir: folder,
    extensions: { vector, pg_trgm },
    ...(dump ? { loadDataDir: dump } : {}),
  })
