// Analyses: several contents of one audience in one call, what is wrong with the answer asked for once more, the rest done
// locally. Texts of two audiences never meet in a call: one might have the model repeat the other (docs/decisions/0016).
import type { Config } from '../../config/config.ts'
import type { Log } from '../../ground/log/log.ts'
import { type Analysis, type AnalysisInput, hasText, type ModelProvider, NOTHING_SPENT } from '../analysis.ts'
import type { Usage } from '../ledger/store.ts'
import { askInHalves } from './ask-in-halves.ts'
import { findBorrowed } from './borrowed-words.ts'
import { isBadRequest, NonsenseError } from './errors.ts'
import { type Content, chatRequest, PROMPT_VERSION, toContent } from './prompt.ts'
import type { Provider } from './provider.ts'
import {
  FOUND_NOTHING,
  type Found,
  isProblem,
  type Outcome,
  type Problem,
  readAnswer,
} from './read-answer.ts'

export const CONTENTS_A_CALL = 10
const CALLS_AT_ONCE = 5

/** A content on its way. */
interface Item extends Content {
  input: AnalysisInput
  model: string
  spent: Usage
}

export interface Analyser {
  provider: Provider
  config: Config
  timeout_ms: number
  /** Whoever does what the provider can't. */
  standIn: () => ModelProvider
  log: Log
}

/** One analysis an input, in order, or why there is none this time. */
export async function analyseContents(
  analyser: Analyser,
  inputs: AnalysisInput[],
): Promise<(Analysis | Error)[]> {
  const { OPENAI_CHAT_MODEL, OPENAI_VISION_MODEL } = analyser.config
  const items = await Promise.all(
    inputs.map(async (input): Promise<Item> => {
      const model = input.picture ? OPENAI_VISION_MODEL : OPENAI_CHAT_MODEL
      return { ...(await toContent(input)), input, model, spent: { ...NOTHING_SPENT } }
    }),
  )
  const results = new Map<Item, Analysis | Error>()
  const asked = items.filter(({ input }) => hasText(input) || input.picture)
  // For one audience at most one call more than by one model: of each kind of batches, the last is not full.
  const kinds = Map.groupBy(asked, ({ isNote, model, input }) =>
    JSON.stringify([isNote, model, input.audience]),
  )
  const batches = [...kinds.values()].flatMap(inBatches)
  await eachOf(batches, async batch => {
    const done = await analyseBatch(analyser, batch)
    for (const [i, item] of batch.entries()) results.set(item, done[i]!)
  })
  return items.map(item => results.get(item) ?? toAnalysis(item, FOUND_NOTHING, null))
}

async function analyseBatch(analyser: Analyser, batch: Item[]): Promise<(Analysis | Error)[]> {
  const { provider, log } = analyser
  if (await provider.isSpent()) return analyseLocally(analyser, batch)
  const first = await askInHalves<Item, Outcome>(
    batch,
    (some, isPart) => ask(analyser, some, isPart),
    (item, error) => askForTextAlone(analyser, item, error),
  )
  const outcomes = new Map(batch.map((item, i) => [item, first[i]!]))
  const wrong = itemsWith(outcomes, outcome => isProblem(outcome) && !outcome.is_final)
  if (wrong.length > 0) {
    const problemOf = (item: Item) => outcomes.get(item) as Problem
    log.warn('The model provider answered nonsense', {
      contents: wrong.length,
      problem: problemOf(wrong[0]!).problem,
    })
    const { alone = [], together = [] } = Object.groupBy(wrong, item =>
      problemOf(item).is_borrowed ? 'alone' : 'together',
    )
    for (const some of [together, ...alone.map(item => [item])]) {
      if (some.length === 0 || (await provider.isSpent())) continue
      const second = await repair(
        analyser,
        some,
        some.map(item => problemOf(item).problem),
      )
      for (const [i, outcome] of second.entries()) outcomes.set(some[i]!, outcome)
    }
  }
  const lost = itemsWith(outcomes, isProblem)
  const local = await analyseLocally(analyser, lost)
  return batch.map(item => {
    const outcome = outcomes.get(item)!
    if (isProblem(outcome)) return local[lost.indexOf(item)]!
    return outcome instanceof Error ? outcome : toAnalysis(item, outcome, PROMPT_VERSION)
  })
}

const itemsWith = (outcomes: Map<Item, Outcome | Error>, holds: (outcome: Outcome | Error) => boolean) =>
  [...outcomes].filter(([, outcome]) => holds(outcome)).map(([item]) => item)

/** One call for all of `items`. Rejects when there was no answer; an answer that is wrong is an outcome. */
async function ask(
  { provider, timeout_ms }: Analyser,
  items: Item[],
  isPart: boolean,
  complaint?: string,
): Promise<(Outcome | Error)[]> {
  const { model } = items[0]!
  const request = chatRequest(model, items, complaint)
  const asked = items.reduce((sum, { line }) => sum + line.length, 0)
  const outcomes = await provider
    .call({
      model,
      timeout_ms,
      isPart,
      characters: answer => ({ asked, answered: JSON.stringify(answer).length }),
      ask: (client, options) => client.chat.completions.create(request, options),
      read: (answer, usage): Outcome[] => {
        share(usage, items)
        const outcomes = readAnswer(answer, items)
        if (outcomes.some(outcome => !isProblem(outcome))) return outcomes
        throw new NonsenseError((outcomes[0] as Problem).problem, outcomes)
      },
    })
    .catch(error => {
      if (error instanceof NonsenseError) return error.outcomes as Outcome[]
      throw error
    })
  // Not the provider's fault, so its breaker does not hear of it.
  const borrowed = findBorrowed(
    items,
    outcomes.map(outcome => (isProblem(outcome) ? undefined : outcome)),
  )
  return outcomes.map((outcome, i) => (borrowed[i] ? BORROWED : outcome))
}

const BORROWED: Problem = { problem: 'it says what another content says', is_borrowed: true }

/** A content that is refused by itself: maybe it is its picture. */
async function askForTextAlone(analyser: Analyser, item: Item, refusal: Error): Promise<Outcome | Error> {
  if (!item.picture || !hasText(item.input)) return { problem: refusal.message, is_final: true }
  item.picture = undefined
  const asked = ask(analyser, [item], true).then(([outcome]) => outcome!)
  return asked.catch((error: Error) =>
    isBadRequest(error) ? { problem: error.message, is_final: true } : error,
  )
}

/** Asks once more, with what was wrong. The problems are sentences of ours: nothing of the refused answer goes back. */
async function repair(analyser: Analyser, items: Item[], problems: string[]): Promise<(Outcome | Error)[]> {
  const complaint = [
    'An earlier answer about these contents was refused:',
    ...problems.map((problem, index) => `index ${index}: ${problem}`),
    'Answer again, exactly by the schema.',
  ].join('\n')
  return ask(analyser, items, true, complaint).catch((error: Error) =>
    items.map(() => (isBadRequest(error) ? { problem: error.message, is_final: true } : error)),
  )
}

/** The local analyses keep what was spent on the provider in vain. */
async function analyseLocally({ standIn }: Analyser, items: Item[]): Promise<(Analysis | Error)[]> {
  if (items.length === 0) return []
  const analyses = await standIn().analyse(items.map(({ input }) => input))
  return analyses.map((analysis, i) =>
    analysis instanceof Error ? analysis : { ...analysis, ...items[i]!.spent },
  )
}

/** Every content bears an equal part of a call, and the first ones what can't be divided. */
function share({ tokens_in, tokens_out, cost_usd }: Usage, items: Item[]): void {
  const part = (total: number, index: number) => Math.floor((total + items.length - 1 - index) / items.length)
  for (const [index, { spent }] of items.entries()) {
    spent.tokens_in += part(tokens_in, index)
    spent.tokens_out += part(tokens_out, index)
    spent.cost_usd += cost_usd / items.length
  }
}

const toAnalysis = (item: Item, found: Found, prompt: string | null): Analysis => ({
  ...found,
  analysis_source: 'openai',
  analysis_model: item.model,
  analysis_prompt: prompt,
  ...item.spent,
})

/** @param items of one kind. A note, which is private, goes alone. */
function inBatches(items: Item[]): Item[][] {
  const most = items[0]?.isNote ? 1 : CONTENTS_A_CALL
  return Array.from({ length: Math.ceil(items.length / most) }, (_, i) =>
    items.slice(i * most, (i + 1) * most),
  )
}

/** A few at a time. */
async function eachOf<T>(all: T[], one: (item: T) => Promise<void>): Promise<void> {
  const waiting = all.values()
  const takeTurns = async () => {
    for (const item of waiting) await one(item)
  }
  await Promise.all(Array.from({ length: Math.min(CALLS_AT_ONCE, all.length) }, takeTurns))
}
