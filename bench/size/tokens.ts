// What the understanding of a save takes from a provider. The tokens are counted, not asked for: of requests as they
// are sent, about the fixture's videos and about a content whose every text is as long as is sent.
import * as tokenizer from 'gpt-tokenizer/encoding/o200k_base'
import { readConfig } from '../../src/config/config.ts'
import type { AnalysisInput } from '../../src/models/analysis.ts'
import { embeddingText } from '../../src/models/embedding-text.ts'
import { chatRequest, toContent } from '../../src/models/openai/prompt.ts'
import { costOf } from '../../src/models/prices.ts'
import { loadVideos } from '../../test/simulators/content.ts'

const A_CALL = 10
/** One entry of an answer that names a topic, a category, three labels, an intent and a few names. */
const ENTRY = JSON.stringify({
  index: 0,
  ...{ topic_main: 'baking watermelon cupcakes with a milkshake topping', category_high: 'Food & Drink' },
  ...{ subcategories: ['Baking', 'Desserts', 'Recipes'], intent: 'try', locations: ['Melbourne'] },
  ...{ entities: ['The Scran Line', 'Nick Makrides'], visual_tags: ['cupcake', 'watermelon', 'straw'] },
  visual_description: 'A tall pink cupcake with a slice of watermelon and a straw on top of it.',
})
const words = (count: number) => Array.from({ length: count }, (_, i) => `word${i}`).join(' ')
const LONG: AnalysisInput = {
  title: words(500),
  caption: words(2000),
  description: words(2000),
  transcript: words(2000),
  tags: Array.from({ length: 30 }, (_, i) => `a tag of several words ${i}`),
  author: words(100),
  audience: 'one',
}

const tokensOf = (text: string) => tokenizer.encode(text).length

export async function reportTokens(): Promise<void> {
  const videos = loadVideos().map(({ title, tags, channel_title }) => ({
    ...{ title, tags, author: channel_title },
    ...{ caption: null, description: null, transcript: null, audience: 'one' },
  }))
  await report('a video of the fixture (title, tags, channel)', videos)
  await report('a content with every text at its limit', Array<AnalysisInput>(A_CALL).fill(LONG))
}

async function report(what: string, inputs: AnalysisInput[]): Promise<void> {
  const { MODEL_PRICES, OPENAI_CHAT_MODEL: chat, OPENAI_EMBEDDING_MODEL: embedding } = readConfig({})
  const contents = await Promise.all(inputs.map(toContent))
  let tokensIn = 0
  for (let from = 0; from < contents.length; from += A_CALL) {
    const { messages, response_format } = chatRequest(chat, contents.slice(from, from + A_CALL), undefined)
    tokensIn += tokensOf(JSON.stringify(response_format))
    for (const { content } of messages) tokensIn += tokensOf(String(content))
  }
  const texts = inputs.map(input =>
    embeddingText(input, {
      topic_main: 'a topic',
      category_high: 'Food & Drink',
      subcategories: ['Baking', 'Desserts'],
      analysis_source: 'openai',
    }),
  )
  const each = (sum: number) => sum / inputs.length
  const [read, written] = [each(tokensIn), tokensOf(ENTRY)]
  const embedded = each(texts.reduce((sum, text) => sum + tokensOf(text), 0))
  const usd = costOf(MODEL_PRICES, chat, read, written) + costOf(MODEL_PRICES, embedding, embedded, 0)
  console.log(
    `${what}: ${chat} ${read.toFixed(0)} tokens in, ${written} out; ${embedding} ${embedded.toFixed(0)}; ` +
      `${(1000 * usd).toFixed(2)} US dollars a thousand saves, without pictures and reasoning`,
  )
}
