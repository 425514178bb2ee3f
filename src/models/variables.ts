import * as v from 'valibot'
import { oneOf, optionalText, secret, text, variable, webAddress } from '../ground/variable.ts'
import { readPrices } from './prices.ts'

export const modelsVariables = {
  MODELS: variable(
    'local, openai, or auto: openai when OPENAI_API_KEY or OPENAI_BASE_URL is set.',
    oneOf(['auto', 'openai', 'local'], 'auto'),
  ),
  OPENAI_API_KEY: secret('The provider’s key.', optionalText),
  OPENAI_BASE_URL: variable(
    'Any server that speaks OpenAI’s interface. Not set: OpenAI’s own.',
    v.optional(webAddress),
  ),
  OPENAI_CHAT_MODEL: variable('Asked about what has no picture.', v.optional(text, 'gpt-5-mini')),
  OPENAI_VISION_MODEL: variable('Asked about what has a picture.', v.optional(text, 'gpt-5-mini')),
  OPENAI_EMBEDDING_MODEL: variable('Makes the vectors.', v.optional(text, 'text-embedding-3-small')),
  MODEL_BUDGET_USD_DAY: variable(
    'What the provider may cost in a UTC day, in US dollars; then the local models serve. Not set: no ceiling.',
    v.optional(
      v.pipe(
        text,
        v.regex(/^\d{1,6}(\.\d{1,6})?$/, 'must be an amount in US dollars, such as 5 or 0.50'),
        v.transform(Number),
      ),
    ),
  ),
  MODEL_PRICES: variable(
    'Prices that Trove does not know, in US dollars per million tokens in/out, as gpt-5-mini=0.25/2.',
    v.optional(
      v.pipe(
        text,
        v.rawTransform(({ dataset, addIssue, NEVER }) => {
          const prices = readPrices(dataset.value)
          if (prices) return prices
          addIssue({ message: 'must look like gpt-5-mini=0.25/2,text-embedding-3-small=0.02/0' })
          return NEVER
        }),
      ),
      '',
    ),
  ),
}
