import * as v from 'valibot'
import { SimilarItem } from '../../discovery/similar/schema.ts'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { queryInteger } from '../../ground/http/schemas.ts'
import { ItemDetail } from '../../library/items/schema.ts'
import { ClusterSummary } from '../clusters/schema.ts'

export const ItemQuery = v.object({
  include_similar: v.optional(
    v.pipe(
      v.picklist(['true', 'false'], 'must be true or false'),
      v.transform(value => value === 'true'),
    ),
    'false',
  ),
  similar_limit: queryInteger(10, 1, 20),
})

export const ItemDetailAnswer = v.object({
  ...ItemDetail.entries,
  cluster: v.nullable(ClusterSummary),
  similar_items: v.nullable(v.array(SimilarItem)),
})

nameSchemas({ ItemWithNeighbours: ItemDetailAnswer })
