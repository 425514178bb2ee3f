// The thread of the local models. Embedding blocks it for tens of milliseconds a text, so requests are small.
import { serveThread } from '../threads.ts'
import { analyseText, classificationText } from './analyse-text.ts'
import type { AnalysisInput, TextAnalysis } from './analysis.ts'
import { createClassifier } from './classify.ts'
import { encodeSentences } from './sentence-encoder.ts'

export type LocalRequest = { embed: string[] } | { learn: Float32Array[] } | { analyse: AnalysisInput[] }
/** Vectors for `embed`, nothing for `learn`, for `analyse` an analysis each, or the message of its error. */
export type LocalResponse = Float32Array[] | (TextAnalysis | string)[] | null

let classify: ReturnType<typeof createClassifier> | undefined

serveThread<LocalRequest, LocalResponse>(async request => {
  if ('embed' in request) return encodeSentences(request.embed)
  if ('learn' in request) {
    classify = createClassifier(request.learn)
    return null
  }
  const classifier = classify
  if (!classifier) throw new Error('The local analyser was asked before it learned its categories')
  const vectors = await encodeSentences(request.analyse.map(classificationText))
  return request.analyse.map((input, index) => {
    try {
      return analyseText(input, classifier(vectors[index]!))
    } catch (error) {
      return `The local analyser failed: ${(error as Error).message}`
    }
  })
})
