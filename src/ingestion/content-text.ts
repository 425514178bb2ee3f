import type { ReadableContent } from '../library/contents/store.ts'
import { embeddingText } from '../models/embedding-text.ts'

/** What of an understood content goes into its vector. */
export const contentText = (content: ReadableContent): string =>
  embeddingText(content, {
    topic_main: content.topic_main ?? '',
    category_high: content.category_high ?? 'Misc',
    subcategories: content.subcategories,
    analysis_source: content.analysis_source ?? 'local',
  })
