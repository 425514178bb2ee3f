// The models that ship with Trove: a sentence encoder and an analyser on top, both in one thread.
import { startThread, type Thread } from '../../ground/threads.ts'
import { type Analysis, type AnalysisInput, type ModelProvider, NOTHING_SPENT } from '../analysis.ts'
import type { LocalAnalysis, LocalRequest, LocalResponse } from './local-thread.ts'

export const LOCAL_MODEL = 'local:use-lite-en:512'
/** At 35 to 100 ms a text no request holds the thread for more than half a second, so callers take turns. */
const TEXTS_A_REQUEST = 4

export type LocalThread = Thread<LocalRequest, LocalResponse>

const startLocalThread = (): LocalThread => startThread(new URL('./local-thread.ts', import.meta.url))

/**
 * English mostly. The thread starts at the first call; when it dies, what was asked is asked again of a new one,
 * once. There is no vision model: `visual_description` is null and `visual_tags` is empty.
 */
export function createLocalModels(start: () => LocalThread = startLocalThread): ModelProvider {
  let running: LocalThread | undefined
  let closed = false

  async function ask<T>(question: (thread: LocalThread) => Promise<T>, isSecondTry = false): Promise<T> {
    if (closed) throw new Error('The local models are closed')
    running ??= start()
    const thread = running
    try {
      return await question(thread)
    } catch (error) {
      if (running === thread) {
        running = undefined
        await thread.close()
      }
      if (isSecondTry || closed) throw error
      return ask(question, true)
    }
  }

  return {
    embeddingModel: LOCAL_MODEL,
    async embed(texts, { are_queries = false } = {}) {
      const vectors = texts.length === 0 ? [] : await ask(thread => embed(thread, texts, are_queries))
      return { model: LOCAL_MODEL, vectors }
    },
    async analyse(inputs) {
      if (inputs.length === 0) return []
      const answer = ask(thread => analyse(thread, inputs))
      return answer.catch((error: Error) => inputs.map(() => error))
    },
    nameGroups: async groups => groups.map(() => undefined),
    isWell: () => true,
    async close() {
      closed = true
      await running?.close()
    },
  }
}

const embed = (thread: LocalThread, texts: string[], are_queries = false) =>
  inTurns(texts, async embed => (await thread.call({ embed, are_queries })) as (Float32Array | null)[])

const analyse = (thread: LocalThread, inputs: AnalysisInput[]) =>
  inTurns(inputs, async some => {
    // The thread sees no pictures, so they need not be copied to it.
    const texts = some.map(({ picture: _, ...text }) => text)
    const found = (await thread.call({ analyse: texts })) as (LocalAnalysis | string)[]
    return found.map(answer => (typeof answer === 'string' ? new Error(answer) : toAnalysis(answer)))
  })

const toAnalysis = ({ is_known, ...found }: LocalAnalysis): Analysis => ({
  ...found,
  visual_description: null,
  visual_tags: [],
  analysis_source: is_known ? 'local' : 'local:no-vector',
  analysis_model: LOCAL_MODEL,
  analysis_prompt: null,
  ...NOTHING_SPENT,
})

async function inTurns<T, R>(all: T[], request: (some: T[]) => Promise<R[]>): Promise<R[]> {
  const results: R[] = []
  for (let from = 0; from < all.length; from += TEXTS_A_REQUEST) {
    results.push(...(await request(all.slice(from, from + TEXTS_A_REQUEST))))
  }
  return results
}
