// Embeddings: many texts in one call.
import * as v from 'valibot'
import type { Config } from '../../config/config.ts'
import { EMBEDDING_DIMENSIONS } from '../../vocabulary.ts'
import { BLANK_TEXT } from '../analysis.ts'
import { clipTokens } from '../clip-tokens.ts'
import { askInHalves } from './ask-in-halves.ts'
import { NonsenseError } from './errors.ts'
import type { Provider } from './provider.ts'

/** One call takes what one run of the job brings. */
const TEXTS_A_CALL = 50
/** The provider reads 8,191 tokens a text (https://platform.openai.com/docs/guides/embeddings) and 300,000 a call. */
const TOKENS_A_TEXT = 5_900

/** One vector a text, or why there is none: a text that the provider refuses does not spoil the others. */
export async function embedTexts(
  provider: Provider,
  { OPENAI_EMBEDDING_MODEL: model }: Config,
  timeout_ms: number,
  texts: string[],
): Promise<(Float32Array | Error)[]> {
  const inputs = await Promise.all(texts.map(text => clipTokens(text.trim() || BLANK_TEXT, TOKENS_A_TEXT)))
  const vectors: (Float32Array | Error)[] = []

  const ask = (input: string[], isPart: boolean) =>
    provider
      .call({
        model,
        timeout_ms,
        isPart,
        characters: () => ({ asked: input.join('').length, answered: 0 }),
        ask: (client, options) =>
          client.embeddings.create(
            { model, input, dimensions: EMBEDDING_DIMENSIONS, encoding_format: 'float' },
            options,
          ),
        read: answer => readVectors(answer, input.length),
      })
      .catch(error => {
        if (error instanceof NonsenseError) return error.outcomes as Error[]
        throw error
      })

  for (let from = 0; from < inputs.length; from += TEXTS_A_CALL) {
    const some = inputs.slice(from, from + TEXTS_A_CALL)
    vectors.push(...(await askInHalves(some, ask, async (_, error) => error)))
  }
  return vectors
}

const rowSchema = v.object({
  index: v.pipe(v.number(), v.integer()),
  embedding: v.pipe(v.array(v.pipe(v.number(), v.finite())), v.length(EMBEDDING_DIMENSIONS)),
})
const vectorsSchema = v.object({ data: v.array(v.unknown()) })

function readVectors(answer: unknown, count: number): (Float32Array | Error)[] {
  const read = v.safeParse(vectorsSchema, answer)
  const rows = read.success ? read.output.data.map(row => v.safeParse(rowSchema, row)) : []
  const byIndex = new Map(
    rows.flatMap(row => (row.success ? [[row.output.index, row.output.embedding]] : [])),
  )
  const vectors = Array.from({ length: count }, (_, index) => {
    const vector = byIndex.get(index)
    const length = Math.hypot(...(vector ?? []))
    if (vector && length > 0 && Number.isFinite(length)) {
      return Float32Array.from(vector, value => value / length)
    }
    const problem = `text ${index + 1} of ${count} has no vector of ${EMBEDDING_DIMENSIONS} numbers`
    return new Error(`The model provider's answer is wrong: ${problem}`)
  })
  if (vectors.every(vector => vector instanceof Error)) {
    throw new NonsenseError(`none of ${count} texts has a vector of ${EMBEDDING_DIMENSIONS} numbers`, vectors)
  }
  return vectors
}
