import { readVector, toVector } from '../../discovery/vectors/convert-vector.ts'
import type { Sql } from '../../ground/database/connection.ts'
import { EMBEDDING_DIMENSIONS } from '../../vocabulary.ts'
import type { Plane } from './plane.ts'
import type { MapPoint } from './schema.ts'

/** The plane of a user's map, if it was laid through vectors of `model`. */
export async function findPlaneOf(sql: Sql, userId: string, model: string): Promise<Plane | undefined> {
  const [row] = await sql<{ x: Uint8Array; y: Uint8Array; x_offset: number; y_offset: number }[]>`
    select vector_send(x_axis) as x, vector_send(y_axis) as y, x_offset, y_offset
    from library_maps
    where user_id = ${userId} and model = ${model}`
  if (!row) return undefined
  const axis = (bytes: Uint8Array) => {
    const values = new Float32Array(EMBEDDING_DIMENSIONS)
    readVector(bytes, values, 0)
    return values
  }
  return { x_axis: axis(row.x), y_axis: axis(row.y), x_offset: row.x_offset, y_offset: row.y_offset }
}

/**
 * Keeps a plane; one that is as it was keeps its `updated_at`. Undefined: the map stays as it is.
 * @returns whether the map is another one now
 */
export async function saveMap(
  sql: Sql,
  userId: string,
  model: string,
  plane: Plane | undefined,
): Promise<boolean> {
  if (!plane) return false
  const { count } = await sql`
    insert into library_maps as m (user_id, model, x_axis, y_axis, x_offset, y_offset)
    values (${userId}, ${model}, ${toVector(plane.x_axis)}::vector, ${toVector(plane.y_axis)}::vector,
      ${plane.x_offset}, ${plane.y_offset})
    on conflict (user_id) do update set
      model = excluded.model, x_axis = excluded.x_axis, y_axis = excluded.y_axis,
      x_offset = excluded.x_offset, y_offset = excluded.y_offset, updated_at = excluded.updated_at
    where (m.model, m.x_axis::text, m.y_axis::text, m.x_offset, m.y_offset) is distinct from
      (excluded.model, excluded.x_axis::text, excluded.y_axis::text, excluded.x_offset, excluded.y_offset)`
  return count > 0
}

/**
 * READY saves on the map's plane, archived ones left out. Those without a vector of the map's model have no place.
 * Of more than `most`, every cluster shows its most central ones, and those in none the newest.
 */
export async function listPoints(sql: Sql, userId: string, most: number): Promise<MapPoint[]> {
  return sql<MapPoint[]>`
    with mine as materialized (
      select s.id, s.shared_content_id, s.title, k.cluster_id, k.similarity
      from user_content_saves s
      left join cluster_members k on k.user_id = ${userId} and k.save_id = s.id
      where s.user_id = ${userId} and s.status = 'READY' and not s.is_archived
    ), plane as materialized (
      select model, x_axis, y_axis, x_offset, y_offset
      from library_maps
      where user_id = ${userId}
    ), shown as (
      select s.id, s.shared_content_id, s.title, s.cluster_id,
        row_number() over (partition by s.cluster_id order by s.similarity desc nulls last, s.id desc) as place
      from mine s
      cross join plane m
      join content_embeddings e on e.content_id = s.shared_content_id and e.model = m.model
      order by place, s.id
      limit ${most}
    )
    select s.id as save_id, s.cluster_id, s.title,
      round(least(1, greatest(-1, -(e.embedding <#> m.x_axis) - m.x_offset))::numeric, 4)::double precision as x,
      round(least(1, greatest(-1, -(e.embedding <#> m.y_axis) - m.y_offset))::numeric, 4)::double precision as y
    from shown s
    cross join plane m
    join content_embeddings e on e.content_id = s.shared_content_id and e.model = m.model
    order by s.id`
}

/** The labels of a user's clusters, in the order of their ids. */
export async function listLabels(sql: Sql, userId: string): Promise<{ id: string; label: string }[]> {
  return sql<{ id: string; label: string }[]>`
    select id, label
    from clusters
    where user_id = ${userId}
    order by id`
}
