// One call to the provider: its time, its breaker, its bill. The package is loaded at the first call: a process
// that only serves requests should not carry it.
import type OpenAI from 'openai'
import * as v from 'valibot'
import type { Config } from '../../config/config.ts'
import type { Breakers } from '../../ground/breakers.ts'
import type { Sql } from '../../ground/database/connection.ts'
import type { Log } from '../../ground/log/log.ts'
import { type Span, traced } from '../../ground/tracing/tracing.ts'
import { recordUsage, spentToday, type Usage } from '../ledger/store.ts'
import { costOf } from '../prices.ts'
import { isBadRequest, ProviderError, toProviderError } from './errors.ts'

export interface Deps {
  sql: Sql
  breakers: Breakers
  log: Log
}

export interface ModelLimits {
  chat_timeout_ms: number
  embed_timeout_ms: number
}

/** Ten analyses take a small model 10 to 30 s; embeddings are waited for by people who search. */
export const MODEL_LIMITS: ModelLimits = { chat_timeout_ms: 60_000, embed_timeout_ms: 15_000 }

/** The breaker's name, in metrics and in `BreakerOpen`. */
export const BREAKER = 'openai'

export interface Question<Answer, Result> {
  model: string
  timeout_ms: number
  /** How long question and answer are, for a server that tells no usage. */
  characters: (answer: Answer) => { asked: number; answered: number }
  ask: (client: OpenAI, options: { signal: AbortSignal }) => Promise<Answer>
  /** Throws a `NonsenseError` when nothing of the answer can be used. */
  read: (answer: Answer, usage: Usage) => Result
  /** A part of a request that was refused: refused as well, it tells nothing new about the provider. */
  isPart: boolean
}

export interface Provider {
  /**
   * Asks once: who calls decides about another try.
   * @throws {ProviderError}, {NonsenseError} or {BreakerOpen}
   */
  call<Answer, Result>(question: Question<Answer, Result>): Promise<Result>
  /**
   * Whether today's ceiling is reached. Calls that are under way are not counted yet, so the last ones may pass it
   * by what a few calls cost.
   */
  isSpent(): Promise<boolean>
  isWell(): boolean
  /** Ends the calls that are under way, and resolves when all that were answered stand in the bill. */
  close(): Promise<void>
}

export function createProvider(config: Config, { sql, breakers, log }: Deps): Provider {
  const closing = new AbortController()
  const budget = config.MODEL_BUDGET_USD_DAY
  let loading: Promise<OpenAI> | undefined
  let wasSpent = false
  /** Lines of the bill that are being written. No answer waits for them; the ceiling and the end do. */
  const writing = new Set<Promise<void>>()

  function record(model: string, usage: Usage): void {
    const line = recordUsage(sql, { model, ...usage })
      // The answer is paid for: better lose a line of the bill than the answer.
      .catch(error => log.warn('What a model was asked could not be kept', { model, ...usage, error }))
      .finally(() => writing.delete(line))
    writing.add(line)
  }

  /** In the terms of OpenTelemetry's conventions; never what is asked or answered. */
  const attributesOf = (model: string, operation: string) => ({
    'gen_ai.operation.name': operation,
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': model,
    'server.address': new URL(baseUrlOf(config)).hostname,
  })
  const traceCall = <T>(model: string, work: (span: Span) => Promise<T>): Promise<T> => {
    const operation = model === config.OPENAI_EMBEDDING_MODEL ? 'embeddings' : 'chat'
    return traced(`${operation} ${model}`, attributesOf(model, operation), work)
  }

  return {
    call: async ({ model, timeout_ms, ask, characters, read, isPart }) =>
      breakers.call(
        BREAKER,
        () =>
          traceCall(model, async span => {
            if (closing.signal.aborted) throw new ProviderError('is not asked any more: Trove is stopping')
            loading ??= connect(config)
            const client = await loading
            const late = AbortSignal.timeout(timeout_ms)
            const answer = await ask(client, { signal: AbortSignal.any([closing.signal, late]) }).catch(
              error => {
                throw toProviderError(error, late.aborted ? timeout_ms / 1000 : undefined)
              },
            )
            // An empty body is what the package makes of no JSON.
            if (!answer) throw toProviderError(new SyntaxError(), undefined)
            const tokens = readUsage(answer, characters(answer))
            span.set({
              'gen_ai.usage.input_tokens': tokens.tokens_in,
              'gen_ai.usage.output_tokens': tokens.tokens_out,
            })
            const cost_usd = costOf(config.MODEL_PRICES, model, tokens.tokens_in, tokens.tokens_out)
            record(model, { ...tokens, cost_usd })
            return read(answer, { ...tokens, cost_usd })
          }),
        error => !closing.signal.aborted && !(isPart && isBadRequest(error)),
      ),

    async isSpent() {
      if (budget === undefined) return false
      await Promise.all(writing)
      const spent = await spentToday(sql)
      const isSpent = spent >= budget
      if (isSpent && !wasSpent)
        log.warn('The budget of this day is spent: local models serve', { spent, budget })
      wasSpent = isSpent
      return isSpent
    },

    isWell: () => (breakers.states()[BREAKER] ?? 'closed') === 'closed',
    async close() {
      closing.abort()
      await Promise.all(writing)
    },
  }
}

const baseUrlOf = (config: Config) => config.OPENAI_BASE_URL ?? 'https://api.openai.com/v1'

/** Everything is passed in, so that the package reads nothing from the environment. */
async function connect(config: Config): Promise<OpenAI> {
  const { OpenAI } = await import('openai')
  return new OpenAI({
    apiKey: config.OPENAI_API_KEY ?? 'none',
    baseURL: baseUrlOf(config),
    organization: null,
    project: null,
    maxRetries: 0,
    logLevel: 'off',
  })
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const usageSchema = v.object({
  usage: v.object({ prompt_tokens: count, completion_tokens: v.optional(count, 0) }),
})
const CHARACTERS_A_TOKEN = 4

/** What the server says that it read and wrote; where it says nothing, a token for every four characters. */
function readUsage(answer: unknown, { asked, answered }: { asked: number; answered: number }) {
  const read = v.safeParse(usageSchema, answer)
  if (read.success) {
    const { prompt_tokens, completion_tokens } = read.output.usage
    return { tokens_in: prompt_tokens, tokens_out: completion_tokens }
  }
  const guess = (characters: number) => Math.ceil(characters / CHARACTERS_A_TOKEN)
  return { tokens_in: guess(asked), tokens_out: guess(answered) }
}
