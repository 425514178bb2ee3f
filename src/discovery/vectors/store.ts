// The vectors, and which model's are compared. When the configured model changes they move to it in the background, and
// until all have moved those of the old one go on to answer: one value in the database, the same for all processes.
// How what is near is looked for depends on the size of the library (sql/0008_nearest_at_once.sql, 0009_wider_search.sql),
// and what of others' may be found on who can know of it (sql/0010_sharing.sql).
import type { Sql } from '../../ground/database/connection.ts'
import { together } from '../../ground/database/together.ts'
import { toVector } from './convert-vector.ts'

/** Keeps a content's vector of one model, in place of an older one of the same model. */
export async function saveEmbedding(
  sql: Sql,
  contentId: string,
  model: string,
  embedding: Float32Array,
): Promise<void> {
  await sql`
    insert into content_embeddings (content_id, model, embedding)
    values (${contentId}, ${model}, ${toVector(embedding)}::vector)
    on conflict (content_id, model) do update
    set embedding = excluded.embedding, created_at = excluded.created_at`
}

/** Removes what was a content's vector before its text became one that the model knows too little of. */
export async function dropEmbedding(sql: Sql, contentId: string, model: string): Promise<void> {
  await sql`delete from content_embeddings where content_id = ${contentId} and model = ${model}`
}

/** READY contents without a vector of `model`, in the order of their ids, from the one after `after`. */
export async function findUnembedded(
  sql: Sql,
  model: string,
  after: string | null,
  most: number,
): Promise<{ content_id: string; attempt: string }[]> {
  return sql<{ content_id: string; attempt: string }[]>`
    select c.id as content_id, c.attempt
    from shared_contents c
    where c.status = 'READY' ${after === null ? sql`` : sql`and c.id > ${after}`}
      and not exists (select from content_embeddings e where e.content_id = c.id and e.model = ${model})
    order by c.id
    limit ${most}`
}

/** Removes vectors of other models than these, at most `most`. @returns how many. */
export async function dropVectorsBut(sql: Sql, models: string[], most: number): Promise<number> {
  const gone = await sql`
    delete from content_embeddings
    where (content_id, model) in (
      select content_id, model
      from content_embeddings
      where model not in ${sql(models)}
      limit ${most}
    )`
  return gone.count
}

const ACTIVE_MODEL = 'embedding_model'

/** The active model; the configured one until the first start has written one down. */
export async function findActiveModel(sql: Sql, configured: string): Promise<string> {
  const [active] = await sql<{ model: string }[]>`
    select value as model
    from server_settings
    where name = ${ACTIVE_MODEL}`
  return active?.model ?? configured
}

/** A content's vectors, in pgvector's text form, by their models. */
export async function findVectors(sql: Sql, contentId: string): Promise<Map<string, string>> {
  const rows = await sql<{ model: string; vector: string }[]>`
    select model, embedding::text as vector
    from content_embeddings
    where content_id = ${contentId}`
  return new Map(rows.map(({ model, vector }) => [model, vector]))
}

/**
 * At start: the active model is what it was, or else the model that most vectors are of, or else the configured one.
 * @returns the active model.
 */
export async function adoptModel(sql: Sql, configured: string): Promise<string> {
  const [most] = await sql<{ model: string }[]>`
    select model
    from content_embeddings
    group by model
    order by count(*) desc
    limit 1`
  await sql`
    insert into server_settings (name, value)
    values (${ACTIVE_MODEL}, ${most?.model ?? configured})
    on conflict (name) do nothing`
  return findActiveModel(sql, configured)
}

/** All vectors have moved: those of `model` are compared from now on, and every library is to be grouped by them. */
export async function activateModel(sql: Sql, model: string): Promise<void> {
  await sql`
    insert into server_settings (name, value)
    values (${ACTIVE_MODEL}, ${model})
    on conflict (name) do update set value = excluded.value`
  await changeLibraries(sql)
}

const USERS_AT_ONCE = 500
const FIRST_ID = '00000000-0000-0000-0000-000000000000'

/** One after the other in the order of users, which is that of locks. */
async function changeLibraries(sql: Sql): Promise<void> {
  for (let after: string | undefined = FIRST_ID; after; ) {
    const users: { user_id: string }[] = await sql<{ user_id: string }[]>`
      select user_id
      from libraries
      where user_id > ${after}
      order by user_id
      limit ${USERS_AT_ONCE}`
    const changes = users.map(
      ({ user_id }) => sql`
        update libraries
        set version = version + 1, changes_since_clustering = changes_since_clustering + 1
        where user_id = ${user_id}`,
    )
    await together(...changes)
    after = users.at(-1)?.user_id
  }
}

/** How many READY contents have no vector of `model`. */
export async function countUnembedded(sql: Sql, model: string): Promise<number> {
  const [counted] = await sql<{ contents: number }[]>`
    select count(*) as contents
    from shared_contents c
    where c.status = 'READY'
      and not exists (select from content_embeddings e where e.content_id = c.id and e.model = ${model})`
  return counted!.contents
}

export interface Near {
  id: string
  /** Cosine. */
  score: number
}

interface Asked {
  /** Or in pgvector's text form. */
  vector: Float32Array | string
  model: string
}

const textOf = (vector: Float32Array | string) => (typeof vector === 'string' ? vector : toVector(vector))

/**
 * READY contents whose vector of `model` is nearest to `vector`, best first: of a user's own saves and of what everybody
 * may find.
 * @param leastSavers SHARED_MIN_SAVERS
 */
export async function findNearest(
  sql: Sql,
  userId: string,
  { vector, model }: Asked,
  limit: number,
  leastSavers: number,
): Promise<Near[]> {
  return sql<Near[]>`
    select content_id as id, similarity as score
    from nearest_for_user(${textOf(vector)}::vector, ${model}, ${userId}, ${limit}, ${leastSavers})`
}

/** The same among a user's own saves alone. */
export async function findNearestOfUser(
  sql: Sql,
  userId: string,
  { vector, model }: Asked,
  limit: number,
): Promise<Near[]> {
  return sql<Near[]>`
    select content_id as id, similarity as score
    from nearest_of_user(${textOf(vector)}::vector, ${model}, ${userId}, ${limit})`
}
