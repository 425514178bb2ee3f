// The vectors, and which model's are compared. When the configured model changes they move to it in the background, and
// until all have moved those of the old one go on to answer: one value in the database, the same for all processes.
// How what is near is looked for depends on the size of the library (sql/0008_nearest_at_once.sql, 0009_wider_search.sql),
// and what of others' may be found on who can know of it (sql/0010_sharing.sql).
import type { Sql } from '../../ground/database/connection.ts'
import { isSpread } from '../../ground/database/layout.ts'
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
  if (isSpread(sql)) return findNearestApart(sql, userId, { vector, model }, limit, leastSavers)
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
  const asked = sql`${textOf(vector)}::vector`
  if (!isSpread(sql)) {
    return sql<Near[]>`
    select content_id as id, similarity as score
    from nearest_of_user(${asked}, ${model}, ${userId}, ${limit})`
  }
  // They lie together, and are read whole.
  return sql<Near[]>`
    select e.content_id as id, 1 - (e.embedding <=> ${asked}) as score
    from saved_embeddings e
    join user_content_saves s on s.user_id = ${userId} and s.shared_content_id = e.content_id
    where e.user_id = ${userId} and e.model = ${model} and s.status = 'READY'
    order by e.embedding <=> ${asked}, e.content_id
    limit ${limit}`
}

/** What everybody may find, from each machine its nearest, and the user's own: each asked by itself. */
async function findNearestApart(
  sql: Sql,
  userId: string,
  { vector, model }: Asked,
  limit: number,
  leastSavers: number,
): Promise<Near[]> {
  const asked = sql`${textOf(vector)}::vector`
  const found = await together(
    sql<Near[]>`
      select e.content_id as id, 1 - (e.embedding <=> ${asked}) as score
      from content_embeddings e
      join shared_contents c on c.id = e.content_id
      where e.model = ${model} and c.is_shareable and c.status = 'READY'
        and publicity(c.source_platform, c.save_count) >= ${leastSavers}
      order by e.embedding <=> ${asked}
      limit ${limit}`,
    findNearestOfUser(sql, userId, { vector, model }, limit),
  )
  const byId = new Map(found.flat().map(near => [near.id, near]))
  return [...byId.values()].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)).slice(0, limit)
}
