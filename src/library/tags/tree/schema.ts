import * as v from 'valibot'
import { nameSchemas } from '../../../ground/http/openapi/named-schemas.ts'
import { Id, QueryBoolean, Time } from '../../../ground/http/schemas.ts'
import { PARENT_TAG, TAG } from '../examples.ts'
import { TagAnswer, TagId } from '../schema.ts'

export const EdgeBody = v.object({ parent_id: TagId, child_id: TagId })

export const EdgeQuery = v.object({
  parent_id: v.pipe(TagId, v.description('The tag above.'), v.examples([PARENT_TAG.id])),
  child_id: v.pipe(TagId, v.description('The tag beneath.'), v.examples([TAG.id])),
})

export const HierarchyQuery = v.object({ include_ratings: QueryBoolean })

export const HierarchyAnswer = v.object({
  nodes: v.array(
    v.object({
      ...{ id: Id, name: v.string(), is_shared: v.boolean(), parents: v.array(Id) },
      average_rating: v.optional(v.nullable(v.number())),
      rating_count: v.optional(v.number()),
    }),
  ),
  metadata: v.object({
    total_nodes: v.number(),
    total_relationships: v.number(),
    root_tags: v.number(),
    last_updated: v.nullable(Time),
  }),
})

export const RefreshAnswer = v.object({ job_id: Id })

export const StatisticsAnswer = v.object({
  total_tags: v.number(),
  shared_tags: v.number(),
  own_tags: v.number(),
  root_tags: v.number(),
  orphan_tags: v.number(),
  total_relationships: v.number(),
  max_depth: v.number(),
  most_used: v.array(v.object({ ...v.pick(TagAnswer, ['id', 'name']).entries, cardinality: v.number() })),
})

nameSchemas({
  TagEdge: EdgeBody,
  TagHierarchy: HierarchyAnswer,
  TagRefresh: RefreshAnswer,
  TagStatistics: StatisticsAnswer,
})
