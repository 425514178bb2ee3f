// Inputs and outcomes of models, for tests.
import type { Analysis, AnalysisInput } from '../../src/models/models.ts'

export const inputOf = (title: string | null, rest: Partial<AnalysisInput> = {}): AnalysisInput => ({
  title,
  caption: null,
  description: null,
  tags: [],
  author: null,
  transcript: null,
  audience: 'one',
  ...rest,
})

/** The outcomes as results: an Error among them, or none, fails the test. */
export function allGood<T>(outcomes: (T | Error | null)[]): T[] {
  return outcomes.map(outcome => {
    if (outcome instanceof Error) throw outcome
    if (outcome === null) throw new Error('There is no outcome')
    return outcome
  })
}

/** Where each analysis came from: openai, local, or the name of its error. */
export const sourcesOf = (analyses: (Analysis | Error)[]): string[] =>
  analyses.map(analysis => (analysis instanceof Error ? analysis.name : analysis.analysis_source))
