import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { Id } from '../../ground/http/schemas.ts'

const Coordinate = v.pipe(v.number(), v.minValue(-1), v.maxValue(1))

export const MapPoint = v.object({
  save_id: Id,
  x: Coordinate,
  y: Coordinate,
  /** Null: it is in none. */
  cluster_id: v.nullable(Id),
  title: v.nullable(v.string()),
})
export type MapPoint = v.InferOutput<typeof MapPoint>

/** A cluster in the middle of its points. */
export const MapCluster = v.object({ id: Id, label: v.string(), x: Coordinate, y: Coordinate })
export type MapCluster = v.InferOutput<typeof MapCluster>

export const MapAnswer = v.object({ points: v.array(MapPoint), clusters: v.array(MapCluster) })

nameSchemas({ Map: MapAnswer, MapPoint, MapCluster })
