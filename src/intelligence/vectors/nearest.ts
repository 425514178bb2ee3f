// What is near a vector, in everything or in one library. How it is looked for depends on the size (sql/0005).
import type { Sql } from '../../database/connection.ts'
import { toVector } from './convert-vector.ts'

export interface Near {
  id: string
  /** Cosine. */
  score: number
}

/** Up to so many saves reading all of a library is quick, and exact. */
const READ_WHOLE = 2000
/** A library that is a smaller part of everything than this is read whole, too: the index would pass it by. */
const LEAST_PART = 1 / 20

/** READY contents whose vector of `model` is nearest to `vector`, whoever saved them; best first. */
export async function findNearest(
  sql: Sql,
  { vector, model }: { vector: Float32Array; model: string },
  limit: number,
): Promise<Near[]> {
  return sql<Near[]>`
    select content_id as id, similarity as score
    from nearest_of_all(${toVector(vector)}::vector, ${model}, ${limit})`
}

/** The same among a user's own saves. */
export async function findNearestOfUser(
  sql: Sql,
  userId: string,
  { vector, model }: { vector: Float32Array; model: string },
  limit: number,
): Promise<Near[]> {
  const asked = sql`${toVector(vector)}::vector, ${model}, ${userId}, ${limit}`
  return (await readsWhole(sql, userId))
    ? sql<Near[]>`select content_id as id, similarity as score from nearest_of_user_exactly(${asked})`
    : sql<Near[]>`select content_id as id, similarity as score from nearest_of_user(${asked})`
}

async function readsWhole(sql: Sql, userId: string): Promise<boolean> {
  const [sizes] = await sql<{ mine: number; all: number }[]>`
    select (select coalesce(sum(items), 0) from library_counts where user_id = ${userId} and status = 'READY')::bigint as mine,
      greatest(reltuples, 0)::bigint as all
    from pg_class
    where oid = 'content_embeddings'::regclass`
  const { mine, all } = sizes!
  return mine <= READ_WHOLE || mine < all * LEAST_PART
}
