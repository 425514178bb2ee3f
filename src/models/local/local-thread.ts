// The thread of the local models. Embedding blocks it for tens of milliseconds a text, so requests are small.
import { serveThread } from '../../ground/threads.ts'
import type { AnalysisInput, TextAnalysis } from '../analysis.ts'
import { analyseText, classificationText } from './analyse-text.ts'
import { type Classification, createClassifier } from './classify.ts'
import { readExampleVectors } from './example-vectors.ts'
import { encodeSentences } from './sentence-encoder.ts'

export type LocalRequest = { embed: string[]; are_queries?: boolean } | { analyse: AnalysisInput[] }
/** Vectors for `embed` (null where the model knows too little), for `analyse` an analysis each, or the message of its error. */
export type LocalResponse = (Float32Array | null)[] | (LocalAnalysis | string)[]

export type LocalAnalysis = TextAnalysis & { is_known: boolean }

/** What the model can't read is of no category. */
const UNKNOWN: Classification = { category: 'Misc', score: 0, subcategories: [] }

const classify = createClassifier(readExampleVectors())

serveThread<LocalRequest, LocalResponse>(async request => {
  if ('embed' in request) return encodeSentences(request.embed, request.are_queries)
  const vectors = await encodeSentences(request.analyse.map(classificationText))
  return request.analyse.map((input, index) => {
    try {
      const vector = vectors[index]
      const found = vector ? classify(vector) : UNKNOWN
      return { ...analyseText(input, found), is_known: vector !== null }
    } catch (error) {
      return `The local analyser failed: ${(error as Error).message}`
    }
  })
})
