// Any server that speaks OpenAI's interface, with the local models as its stand-in.
import type { Config } from '../../config/config.ts'
import { EMBEDDING_DIMENSIONS } from '../../vocabulary.ts'
import type { ModelProvider } from '../analysis.ts'
import { analyseContents } from './analyse.ts'
import { embedTexts } from './embed.ts'
import { nameGroups } from './name-groups.ts'
import { createProvider, type Deps, MODEL_LIMITS, type ModelLimits } from './provider.ts'

/**
 * The provider is asked once for many contents. The local models do what it answers with nonsense twice, and
 * everything while today's budget is spent. When it fails or does not answer, each content gets that Error:
 * who called decides about another try.
 */
export function createOpenaiModels(
  config: Config,
  deps: Deps,
  createLocal: () => ModelProvider,
  limits: ModelLimits = MODEL_LIMITS,
): ModelProvider {
  const provider = createProvider(config, deps)
  const model = nameOf(config.OPENAI_EMBEDDING_MODEL)
  let local: ModelProvider | undefined
  const standIn = () => (local ??= createLocal())

  return {
    embeddingModel: model,

    async embed(texts, as) {
      if (texts.length === 0) return { model, vectors: [] }
      if (await provider.isSpent()) return standIn().embed(texts, as)
      const vectors = await embedTexts(provider, config, limits.embed_timeout_ms, texts)
      const failed = vectors.filter(vector => vector instanceof Error)
      if (failed.length === texts.length) throw failed[0]!
      return { model, vectors }
    },

    analyse: inputs =>
      analyseContents(
        { provider, config, timeout_ms: limits.chat_timeout_ms, standIn, log: deps.log },
        inputs,
      ).catch((error: Error) => inputs.map(() => error)),

    nameGroups: groups =>
      nameGroups({ provider, config, timeout_ms: limits.chat_timeout_ms, log: deps.log }, groups),

    isWell: () => provider.isWell(),

    async close() {
      await provider.close()
      await local?.close()
    },
  }
}

const nameOf = (embeddingModel: string) => `openai:${embeddingModel}:${EMBEDDING_DIMENSIONS}`

/** The provider's own name of an embedding model of ours; undefined for one of another provider. */
export function embeddingNameOf(model: string): string | undefined {
  const [, name] = /^openai:(.+):\d+$/.exec(model) ?? []
  return name !== undefined && nameOf(name) === model ? name : undefined
}
