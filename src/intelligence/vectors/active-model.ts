// Which model's vectors are compared. When the configured model changes, the vectors move to it in the background,
// and until all have moved those of the old one go on to answer: one value in the database, the same for all processes.
import type { Sql } from '../../database/connection.ts'

const NAME = 'embedding_model'

/** The active model in a query; the configured one until the first start has written one down. */
export const activeModel = (sql: Sql, configured: string) => sql`
  coalesce((select value from server_settings where name = ${NAME}), ${configured})`

export async function findActiveModel(sql: Sql, configured: string): Promise<string> {
  const [active] = await sql<{ model: string }[]>`select ${activeModel(sql, configured)} as model`
  return active!.model
}

/**
 * At start: the active model is what it was, or else the model that most vectors are of, or else the configured one.
 * @returns the active model.
 */
export async function adoptModel(sql: Sql, configured: string): Promise<string> {
  await sql`
    insert into server_settings (name, value)
    values (${NAME}, coalesce(
      (select model from content_embeddings group by model order by count(*) desc limit 1), ${configured}))
    on conflict (name) do nothing`
  return findActiveModel(sql, configured)
}

/** All vectors have moved: those of `model` are compared from now on, and every library is to be grouped by them. */
export async function activateModel(sql: Sql, model: string): Promise<void> {
  await sql`
    insert into server_settings (name, value)
    values (${NAME}, ${model})
    on conflict (name) do update set value = excluded.value`
  await sql`
    update libraries
    set version = version + 1, changes_since_clustering = changes_since_clustering + 1
    where user_id in (select user_id from libraries order by user_id for no key update)`
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
