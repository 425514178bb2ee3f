// The one door to the models: what understands text, whoever provides it.
import type { Config } from '../config/config.ts'
import type { ModelProvider, Models } from './analysis.ts'
import { createLocalModels, LOCAL_MODEL } from './local/local.ts'
import { createOpenaiModels, embeddingNameOf } from './openai/openai.ts'
import type { Deps, ModelLimits } from './openai/provider.ts'

export type {
  Analysis,
  AnalysisInput,
  Embedded,
  GroupName,
  GroupToName,
  Models,
  Picture,
} from './analysis.ts'

/** The models that `config.MODELS` names. Nothing is loaded or asked before the first call. */
export function createModels(config: Config, deps: Deps, limits?: ModelLimits): Models {
  const make = (config: Config): ModelProvider =>
    config.MODELS === 'openai'
      ? createOpenaiModels(config, deps, createLocalModels, limits)
      : createLocalModels()
  const configured = make(config)
  const others = new Map<string, ModelProvider>()

  /** The configuration under which `model` would be the configured one. */
  const configFor = (model: string): Config | undefined => {
    if (model === LOCAL_MODEL) return { ...config, MODELS: 'local' }
    const name = config.OPENAI_API_KEY || config.OPENAI_BASE_URL ? embeddingNameOf(model) : undefined
    return name === undefined ? undefined : { ...config, MODELS: 'openai', OPENAI_EMBEDDING_MODEL: name }
  }
  const ofModel = (model: string): ModelProvider => {
    const known = model === configured.embeddingModel ? configured : others.get(model)
    if (known) return known
    const other = configFor(model)
    if (!other) throw new Error(`The model ${model} cannot be asked with this configuration`)
    const made = make(other)
    others.set(model, made)
    return made
  }

  return {
    ...configured,
    embed: async (texts, model = configured.embeddingModel, as = {}) => ofModel(model).embed(texts, as),
    canEmbedBy: model => model === configured.embeddingModel || configFor(model) !== undefined,
    close: async () => {
      await Promise.all([configured, ...others.values()].map(models => models.close()))
    },
  }
}
