import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { Id, Time } from '../../ground/http/schemas.ts'
import { CATEGORIES, INTENTS, PLATFORMS, STATUSES } from '../../vocabulary.ts'

const Words = v.array(v.string())

/** What a list shows of a content. */
export const ContentAnswer = v.object({
  id: Id,
  url: v.string(),
  source_platform: v.picklist(PLATFORMS),
  status: v.picklist(STATUSES),
  title: v.nullable(v.string()),
  caption: v.nullable(v.string()),
  author: v.nullable(v.string()),
  thumbnail_url: v.nullable(v.string()),
  thumbnail_path: v.nullable(v.string()),
  duration_seconds: v.nullable(v.number()),
  category_high: v.nullable(v.picklist(CATEGORIES)),
  topic_main: v.nullable(v.string()),
  subcategories: Words,
  locations: Words,
  intent: v.nullable(v.picklist(INTENTS)),
  save_count: v.number(),
  created_at: Time,
})
export type Content = v.InferOutput<typeof ContentAnswer>

/** All that is public of a content. */
export const ContentDetailAnswer = v.object({
  ...ContentAnswer.entries,
  description: v.nullable(v.string()),
  content_text: v.nullable(v.string()),
  tags: Words,
  entities: Words,
  language: v.nullable(v.string()),
  published_at: v.nullable(Time),
  visual_description: v.nullable(v.string()),
  visual_tags: Words,
  metadata_source: v.nullable(v.string()),
  metadata_quality: v.nullable(v.picklist(['full', 'partial', 'minimal'])),
  analysis_source: v.nullable(v.string()),
  error_message: v.nullable(v.string()),
  version: v.number(),
  updated_at: Time,
})
export type ContentDetail = v.InferOutput<typeof ContentDetailAnswer>

nameSchemas({ Content: ContentAnswer, ContentDetail: ContentDetailAnswer })
