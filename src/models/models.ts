// The one door to the models: what understands text, whoever provides it.
import type { Config } from '../config.ts'
import type { Models } from './analysis.ts'
import { createLocalModels } from './local.ts'
import { createOpenaiModels } from './openai/openai.ts'
import type { Deps, ModelLimits } from './openai/provider.ts'

export type { Analysis, AnalysisInput, Embedded, Models, Picture } from './analysis.ts'

/** The models that `config.MODELS` names. Nothing is loaded or asked before the first call. */
export function createModels(config: Config, deps: Deps, limits?: ModelLimits): Models {
  return config.MODELS === 'openai'
    ? createOpenaiModels(config, deps, createLocalModels, limits)
    : createLocalModels()
}
