// The local analyser: what a text says of itself. Pure; the vector's verdict comes in as a classification.
import { type AnalysisInput, hasText, NOTHING_FOUND, type TextAnalysis } from '../analysis.ts'
import { firstSentences } from '../embedding-text.ts'
import type { Classification } from './classify.ts'
import { intentOf } from './intent.ts'
import { findNames } from './names.ts'
import { topicOf } from './topic.ts'

/** The text whose nearness decides the category: without the author, whose name says little about one content. */
export const classificationText = (input: AnalysisInput): string =>
  [
    input.title,
    firstSentences(input.caption ?? ''),
    input.tags.join(', '),
    firstSentences(input.description ?? ''),
    firstSentences(input.transcript ?? ''),
    input.note,
  ]
    .filter(Boolean)
    .join('. ') ||
  (input.author ?? '')

/** An input without any text gives `NOTHING_FOUND`: category Misc, intent misc, an empty topic and empty lists. */
export function analyseText(input: AnalysisInput, { category, subcategories }: Classification): TextAnalysis {
  if (!hasText(input)) return NOTHING_FOUND
  return {
    topic_main: topicOf(input),
    category_high: category,
    subcategories,
    intent: intentOf(input, category),
    ...findNames(input),
  }
}
