// The index of all vectors: its size, how long it takes to be made, and what memory that wants.
import postgres from 'postgres'
import { openTestDatabase } from '../../test/support/database.ts'
import { fillContents } from '../vectors/fill.ts'

const MEMORY = ['64MB', '512MB']

export async function measureIndex(vectors: number): Promise<void> {
  const database = await openTestDatabase({ STATEMENT_TIMEOUT_MS: '3600000' })
  const notices: string[] = []
  const own = postgres(database.settings.DATABASE_URL!, {
    max: 1,
    onnotice: ({ message = '' }) => notices.push(message),
  })
  try {
    const [index] = await own<{ definition: string }[]>`
      select pg_get_indexdef('content_embeddings_nearest'::regclass) as definition`
    await own`drop index content_embeddings_nearest`
    await fillContents(database, vectors, 'some model')
    for (const memory of MEMORY) {
      await own`drop index if exists content_embeddings_nearest`
      await own`select set_config('maintenance_work_mem', ${memory}, false)`
      notices.length = 0
      const start = performance.now()
      await own.unsafe(index!.definition)
      const seconds = (performance.now() - start) / 1000
      const [size] = await own<{ index_mb: number; table_mb: number }[]>`
        select pg_relation_size('content_embeddings_nearest') / 1e6 as index_mb,
          pg_table_size('content_embeddings') / 1e6 as table_mb`
      console.log(
        `${vectors} vectors: table ${Number(size!.table_mb).toFixed(0)} MB, index ${Number(size!.index_mb).toFixed(0)} MB; ` +
          `made in ${seconds.toFixed(0)} s with maintenance_work_mem ${memory}${notices.map(text => `; ${text}`).join('')}`,
      )
    }
  } finally {
    await own.end()
    await database.close()
  }
}
