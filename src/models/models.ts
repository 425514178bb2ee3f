// The one door to the models: what understands text, whoever provides it.
import type { Config } from '../config.ts'
import type { Models } from './analysis.ts'
import { createLocalModels } from './local.ts'
import { createOpenaiModels } from './openai.ts'

export type { Analysis, AnalysisInput, Models } from './analysis.ts'

/** The models that `config.MODELS` names. Nothing is loaded or asked before the first call. */
export function createModels(config: Config): Models {
  return config.MODELS === 'openai' ? createOpenaiModels(config) : createLocalModels()
}
