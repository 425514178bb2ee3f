// What a content is and what was understood of it: the words that every provider of models shares.
import * as v from 'valibot'
import { CATEGORIES, type Category, INTENTS, type Intent } from '../vocabulary.ts'

/** What is known of a content before it is understood. All of it was written by strangers. */
export interface AnalysisInput {
  title: string | null
  caption: string | null
  description: string | null
  tags: string[]
  author: string | null
}

export interface Analysis {
  /** A short phrase of what it is about; '' only when there was no text at all. */
  topic_main: string
  category_high: Category
  subcategories: string[]
  intent: Intent
  locations: string[]
  entities: string[]
  visual_description: string | null
  visual_tags: string[]
  analysis_source: 'local' | 'openai'
  analysis_model: string
}

/** The part of an analysis that a text alone answers; a provider's answer is checked against it. */
export const textAnalysisSchema = v.strictObject({
  topic_main: v.string(),
  category_high: v.picklist(CATEGORIES),
  subcategories: v.array(v.string()),
  intent: v.picklist(INTENTS),
  locations: v.array(v.string()),
  entities: v.array(v.string()),
})
export type TextAnalysis = v.InferOutput<typeof textAnalysisSchema>

/** Understands text. A provider of models is one of these. */
export interface Models {
  /** Stored beside each vector; vectors of two models are never compared. */
  readonly embeddingModel: string
  /**
   * One vector a text, in the same order, of `EMBEDDING_DIMENSIONS` numbers and unit length.
   * A blank text counts as the word "untitled", since models refuse an empty one.
   */
  embed(texts: string[]): Promise<Float32Array[]>
  /** One analysis an input, in the same order. An input without any text is Misc, with nothing found in it. */
  analyse(inputs: AnalysisInput[]): Promise<Analysis[]>
  /** Frees what the models hold. Later calls reject. */
  close(): Promise<void>
}

export const BLANK_TEXT = 'untitled'

/** The analysis of an input without any text: nobody was asked, and nothing was found. */
export const NOTHING_FOUND: TextAnalysis = {
  topic_main: '',
  category_high: 'Misc',
  subcategories: [],
  intent: 'misc',
  locations: [],
  entities: [],
}

export const hasText = ({ title, caption, description, tags, author }: AnalysisInput): boolean =>
  [title, caption, description, author, ...tags].some(text => text?.trim())
