import type { Analysis, AnalysisInput } from './analysis.ts'

const TAGS_USED = 12
const SENTENCES_LENGTH = 300

/**
 * What of a content goes into its vector, what matters first: the local model reads about 460 characters
 * and drops the rest. Title, topic (when it says more than the title), tags, category words, first sentences. Subcategories
 * only of a model that has understood the text: the local ones are guessed from its vector, and would only repeat the guess.
 */
export function embeddingText(
  input: Pick<AnalysisInput, 'title' | 'caption' | 'description' | 'tags' | 'transcript'>,
  analysis: Pick<Analysis, 'topic_main' | 'category_high' | 'subcategories' | 'analysis_source'>,
): string {
  const category = analysis.category_high === 'Misc' ? [] : [analysis.category_high]
  const subcategories = analysis.analysis_source === 'openai' ? analysis.subcategories : []
  const sentences = [input.caption, input.description, input.transcript].map(text =>
    firstSentences(text ?? ''),
  )
  return [
    input.title?.trim(),
    addsWords(analysis.topic_main, input.title ?? '') ? analysis.topic_main : '',
    input.tags.slice(0, TAGS_USED).join(', '),
    [...category, ...subcategories].join(', '),
    ...new Set(sentences),
  ]
    .filter(Boolean)
    .join('. ')
}

/** Whole sentences from the start of `text`, about 300 characters at most; a first sentence that is longer is cut. */
export function firstSentences(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim()
  if (flat.length <= SENTENCES_LENGTH) return flat
  const start = flat.slice(0, SENTENCES_LENGTH)
  const end = Math.max(...['. ', '! ', '? '].map(mark => start.lastIndexOf(mark)))
  return end > 0 ? start.slice(0, end + 1) : start.slice(0, Math.max(start.lastIndexOf(' '), 1))
}

function addsWords(topic: string, title: string): boolean {
  const known = new Set(words(title))
  return words(topic).some(word => !known.has(word))
}

const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
