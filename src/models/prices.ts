// What models cost, in US dollars per million tokens.

export interface Price {
  input: number
  output: number
}
export type Prices = Record<string, Price>

/** Providers' list prices, as of 2026-11. MODEL_PRICES adds to them and overrides them. */
const KNOWN: Prices = {
  'gpt-5-mini': { input: 0.25, output: 2 },
  'gpt-5-nano': { input: 0.05, output: 0.4 },
  'gpt-4o-mini': { input: 0.15, output: 0.6 },
  'gpt-4.1-mini': { input: 0.4, output: 1.6 },
  'text-embedding-3-small': { input: 0.02, output: 0 },
  'text-embedding-3-large': { input: 0.13, output: 0 },
}

/**
 * Reads `gpt-5-mini=0.25/2,…` on top of the known prices.
 * @returns undefined when a part is not of that form.
 */
export function readPrices(text: string): Prices | undefined {
  const prices = { ...KNOWN }
  for (const part of text.split(',').filter(it => it.trim() !== '')) {
    const [, model, input, output] = /^\s*([^=\s]+)=(\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)\s*$/.exec(part) ?? []
    if (!model) return undefined
    prices[model] = { input: Number(input), output: Number(output) }
  }
  return prices
}

/** What a call cost. A model without a known price costs nothing here. */
export function costOf(prices: Prices, model: string, tokensIn: number, tokensOut: number): number {
  const price = prices[model]
  return price ? (tokensIn * price.input + tokensOut * price.output) / 1e6 : 0
}

interface PricedConfig {
  MODELS: string
  OPENAI_API_KEY?: string | undefined
  OPENAI_BASE_URL?: string | undefined
  OPENAI_CHAT_MODEL: string
  OPENAI_VISION_MODEL: string
  OPENAI_EMBEDDING_MODEL: string
  MODEL_BUDGET_USD_DAY?: number | undefined
  MODEL_PRICES: Prices
}

/** What is wrong with a configuration that has a ceiling: without its price a model would never reach it. */
export function priceProblems(config: PricedConfig): string[] {
  const asksProvider = config.MODELS !== 'local' && (config.OPENAI_API_KEY ?? config.OPENAI_BASE_URL)
  if (config.MODEL_BUDGET_USD_DAY === undefined || !asksProvider) return []
  const models = [config.OPENAI_CHAT_MODEL, config.OPENAI_VISION_MODEL, config.OPENAI_EMBEDDING_MODEL]
  return [...new Set(models)]
    .filter(model => !Object.hasOwn(config.MODEL_PRICES, model))
    .map(model => `MODEL_PRICES must name the price of ${model}, since MODEL_BUDGET_USD_DAY sets a ceiling`)
}
