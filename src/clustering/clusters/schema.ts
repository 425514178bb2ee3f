import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { pagingAnswer, pagingQuery } from '../../ground/http/paging.ts'
import { atMost, Id, queryInteger, SortOrder, StorableText, Time } from '../../ground/http/schemas.ts'
import { ItemAnswer } from '../../library/items/schema.ts'
import { CLUSTER_TYPES } from '../../vocabulary.ts'

const CLUSTER_SORTS = ['updated_at', 'created_at', 'item_count', 'label'] as const
const ITEM_SORTS = ['created_at', 'updated_at', 'title', 'similarity'] as const

/** A cluster in a few words, as an item shows it. */
export const ClusterSummary = v.object({
  id: Id,
  label: v.string(),
  cluster_type: v.nullable(v.picklist(CLUSTER_TYPES)),
  short_description: v.nullable(v.string()),
})

export type ClusterSummary = v.InferOutput<typeof ClusterSummary>

export const ClusterAnswer = v.object({
  ...ClusterSummary.entries,
  item_count: v.pipe(v.number(), v.integer()),
  keywords: v.array(v.string()),
  created_at: Time,
  updated_at: Time,
})
export type Cluster = v.InferOutput<typeof ClusterAnswer>

/** Three of its saves, the most central first. */
export const SampleItem = v.object({
  id: Id,
  title: v.nullable(v.string()),
  thumbnail_url: v.nullable(v.string()),
  thumbnail_path: v.nullable(v.string()),
})

export const ListedCluster = v.object({ ...ClusterAnswer.entries, sample_items: v.array(SampleItem) })
export type ListedCluster = v.InferOutput<typeof ListedCluster>

export const ClusterListQuery = v.object({
  cluster_type: v.optional(v.picklist(CLUSTER_TYPES, `must be one of: ${CLUSTER_TYPES.join(', ')}`)),
  min_items: queryInteger(1, 1, 1_000_000),
  /** As many as a page may have: nearly every library's groups. */
  ...pagingQuery(100),
  sort_by: v.optional(v.picklist(CLUSTER_SORTS, `must be one of: ${CLUSTER_SORTS.join(', ')}`), 'updated_at'),
  sort_order: v.optional(SortOrder, 'desc'),
})
export type ClusterListQuery = v.InferOutput<typeof ClusterListQuery>

export const ClusterListAnswer = v.object({
  clusters: v.array(ListedCluster),
  ...pagingAnswer,
})

export const ClusterItemsQuery = v.object({
  ...pagingQuery(50),
  sort_by: v.optional(v.picklist(ITEM_SORTS, `must be one of: ${ITEM_SORTS.join(', ')}`), 'created_at'),
  sort_order: v.optional(SortOrder, 'asc'),
})
export type ClusterItemsQuery = v.InferOutput<typeof ClusterItemsQuery>

export const OwnedCluster = v.object({ ...ClusterAnswer.entries, user_id: Id })
export type OwnedCluster = v.InferOutput<typeof OwnedCluster>

export const ClusterDetailAnswer = v.object({
  cluster: OwnedCluster,
  items: v.array(ItemAnswer),
  total_items: v.pipe(v.number(), v.integer()),
  ...pagingAnswer,
})

export const RenameBody = v.object({
  label: v.pipe(StorableText, v.trim(), v.minLength(1, 'must not be empty'), atMost(100)),
})

export const RebuildAnswer = v.object({ job_id: Id })

nameSchemas({
  ClusterSummary,
  Cluster: OwnedCluster,
  ListedCluster,
  ClusterList: ClusterListAnswer,
  ClusterDetail: ClusterDetailAnswer,
  SampleItem,
  ClusterLabel: RenameBody,
  StartedJob: RebuildAnswer,
})
