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
  /** What is said in a video, or the main text of a page. */
  transcript: string | null
  /** What the person who saved it wrote, and nobody else may learn: given where nothing else is known. */
  note?: string | null
  /** Equal for contents that the same people know. What is of two audiences is never asked about in one call. */
  audience: string
  /** Its thumbnail. Only models that see get one. */
  picture?: Picture | undefined
}

export interface Picture {
  bytes: Uint8Array
  /** A media type, such as image/jpeg. */
  type: string
}

export interface Analysis {
  /** A short phrase of what it is about; '' when there was no text at all, or a note alone. */
  topic_main: string
  category_high: Category
  subcategories: string[]
  intent: Intent
  locations: string[]
  entities: string[]
  visual_description: string | null
  visual_tags: string[]
  /** `local:no-vector`: analysed locally, and the local model knows too little of the text to give it a vector. */
  analysis_source: 'local' | 'local:no-vector' | 'openai'
  analysis_model: string
  /** The version of our instructions that the model followed; null for the local models. */
  analysis_prompt: string | null
  /** The content's share of all calls that it took, in vain or not, and what they cost in US dollars. */
  tokens_in: number
  tokens_out: number
  cost_usd: number
}

/** Vectors, with the model that made them: not always the configured one, since the local one serves as a stand-in. */
export interface Embedded {
  model: string
  /** In the order of the texts; an Error for a text that the model refuses, null for one that it knows too little of. */
  vectors: (Float32Array | Error | null)[]
}

/** A query is a few words, each of which counts; a model may know too little of it where a text would do. */
export interface EmbeddedAs {
  are_queries?: boolean
}

/** What a note may tell: values of closed lists, which carry no word of it. */
export const noteAnalysisSchema = v.strictObject({
  category_high: v.picklist(CATEGORIES),
  intent: v.picklist(INTENTS),
})

/** The part of an analysis that a text alone answers; a provider's answer is checked against it. */
export const textAnalysisSchema = v.strictObject({
  topic_main: v.string(),
  category_high: noteAnalysisSchema.entries.category_high,
  subcategories: v.array(v.string()),
  intent: noteAnalysisSchema.entries.intent,
  locations: v.array(v.string()),
  entities: v.array(v.string()),
})
export type TextAnalysis = v.InferOutput<typeof textAnalysisSchema>

/** What tells what a group of saves is about. Strangers wrote the titles and the keywords. */
export interface GroupToName {
  /** Of its most central saves. */
  titles: string[]
  keywords: string[]
  /** The label that its keywords make. */
  current: string
}

export interface GroupName {
  /** One line of 1 to 40 characters. */
  label: string
  /** One line of at most 200 characters. */
  description: string
}

/** Understands text. */
export interface ModelProvider {
  /** Stored beside each vector; vectors of two models are never compared. */
  readonly embeddingModel: string
  /**
   * One vector a text, of `EMBEDDING_DIMENSIONS` numbers and unit length. A blank text counts as the word
   * "untitled", since models refuse an empty one. Rejects when no vector could be made.
   */
  embed(texts: string[], as?: EmbeddedAs): Promise<Embedded>
  /**
   * One analysis an input, in the same order, or why there is none this time: one bad input never fails the others.
   * An input without text or picture is Misc, with nothing found in it.
   */
  analyse(inputs: AnalysisInput[]): Promise<(Analysis | Error)[]>
  /**
   * One name a group, in the same order; undefined where there is none, for whatever reason. Never rejects.
   * Nothing keeps two groups from getting the same label.
   */
  nameGroups(groups: GroupToName[]): Promise<(GroupName | undefined)[]>
  /** False while the provider is left alone because it failed again and again. */
  isWell(): boolean
  /** Frees what the models hold. Later calls fail. */
  close(): Promise<void>
}

/** The configured provider, and any other model that the configuration can ask. */
export interface Models extends Omit<ModelProvider, 'embed'> {
  /** @param model another than the configured one: the one before it, say, whose vectors are still compared */
  embed(texts: string[], model?: string, as?: EmbeddedAs): Promise<Embedded>
  canEmbedBy(model: string): boolean
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

/** What a call of nobody costs. */
export const NOTHING_SPENT = { tokens_in: 0, tokens_out: 0, cost_usd: 0 }

export const hasText = ({ tags, ...input }: AnalysisInput): boolean =>
  [input.title, input.caption, input.description, input.author, input.transcript, input.note, ...tags].some(
    text => text?.trim(),
  )
