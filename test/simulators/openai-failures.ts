// The ways in which a provider of models misbehaves, each as what it does to a good answer.

/** What a server sends; `hang` never answers, `half` stops after the headers, `reset` cuts the connection. */
export type Sent = { status: number; body: string } | 'hang' | 'half' | 'reset'

// biome-ignore lint/suspicious/noExplicitAny: answers are bent in every way
type Json = any

const json = (status: number, body: unknown): Sent => ({ status, body: JSON.stringify(body) })
const problem = (status: number, code: string, message: string, param: string | null = null) =>
  json(status, { error: { message, type: 'invalid_request_error', code, param } })

const says = (answer: Json, content: unknown, rest: object = {}, finish_reason = 'stop'): Sent =>
  json(200, {
    ...answer,
    choices: [{ index: 0, finish_reason, message: { role: 'assistant', content, ...rest } }],
  })
const contentOf = (answer: Json): string => answer.choices[0].message.content
/** Bends the entries of an analysis. */
const bend = (answer: Json, bent: (analyses: Json[]) => Json): Sent =>
  says(answer, JSON.stringify({ analyses: bent(JSON.parse(contentOf(answer)).analyses) }))
const bendRows = (answer: Json, bent: (rows: Json[]) => Json): Sent =>
  json(200, { ...answer, data: bent(answer.data) })

/** `key` is the authorization that the client sent: the real provider repeats it too. */
export const FAILURES = {
  error_500: () => json(500, { error: { message: 'The server had an error' } }),
  error_503_html: (): Sent => ({ status: 503, body: '<h1>Service Unavailable</h1>' }),
  rate_limit: () => problem(429, 'rate_limit_exceeded', 'Rate limit reached'),
  quota: () => problem(429, 'insufficient_quota', 'You exceeded your current quota'),
  bad_key: (_: Json, key: string) => problem(401, 'invalid_api_key', `Incorrect API key provided: ${key}`),
  no_model: () => problem(404, 'model_not_found', 'The model does not exist'),
  bad_request: () => problem(400, 'unsupported_value', 'Unsupported value', 'response_format'),
  hang: (): Sent => 'hang',
  half: (): Sent => 'half',
  reset: (): Sent => 'reset',
  not_json_body: (): Sent => ({ status: 200, body: '<html>Welcome to the hotel wifi</html>' }),
  empty_body: (): Sent => ({ status: 200, body: '' }),
  no_choices: (answer: Json) => json(200, { ...answer, choices: [] }),
  no_content: (answer: Json) => says(answer, null),
  prose: (answer: Json) => says(answer, 'Sure! Here is what I found.'),
  extra_text: (answer: Json) => says(answer, `Here you are:\n\`\`\`json\n${contentOf(answer)}\n\`\`\``),
  truncated: (answer: Json) => says(answer, contentOf(answer).slice(0, -20), {}, 'length'),
  filtered: (answer: Json) => says(answer, contentOf(answer), {}, 'content_filter'),
  refusal: (answer: Json) => says(answer, null, { refusal: 'I cannot help with that' }),
  wrong_schema: (answer: Json) => says(answer, JSON.stringify({ result: 'fine' })),
  other_category: (answer: Json) => bend(answer, all => all.map(it => ({ ...it, category_high: 'Cooking' }))),
  no_intent: (answer: Json) => bend(answer, all => all.map(({ intent: _, ...rest }) => rest)),
  own_keys: (answer: Json) => bend(answer, all => all.map(it => ({ ...it, rm: '-rf' }))),
  wrong_types: (answer: Json) => bend(answer, all => all.map(it => ({ ...it, locations: [1] }))),
  blank_topic: (answer: Json) => bend(answer, all => all.map(it => ({ ...it, topic_main: ' ' }))),
  missing_items: (answer: Json) => bend(answer, all => all.slice(1)),
  no_items: (answer: Json) => bend(answer, () => []),
  null_items: (answer: Json) => bend(answer, all => all.map(() => null)),
  extra_items: (answer: Json) => bend(answer, all => [...all, { ...all[0], index: all.length }]),
  reversed_items: (answer: Json) => bend(answer, all => all.toReversed()),
  same_index: (answer: Json) => bend(answer, all => all.map(it => ({ ...it, index: 0 }))),
  dirty_strings: (answer: Json) =>
    bend(answer, all =>
      all.map(it => ({
        ...it,
        topic_main: 'nul \0 and \ud800 half',
        entities: ['x'.repeat(5000), 'A', 'A'],
      })),
    ),
  no_usage: ({ usage: _, ...answer }: Json) => json(200, answer),
  mad_usage: (answer: Json) =>
    json(200, { ...answer, usage: { prompt_tokens: -5, completion_tokens: 'many' } }),
  wrong_dimensions: (answer: Json) =>
    bendRows(answer, all => all.map(row => ({ ...row, embedding: row.embedding.slice(0, 3) }))),
  zero_vectors: (answer: Json) =>
    bendRows(answer, all => all.map(row => ({ ...row, embedding: row.embedding.map(() => 0) }))),
  null_numbers: (answer: Json) =>
    bendRows(answer, all => all.map(row => ({ ...row, embedding: row.embedding.map(() => null) }))),
  missing_vectors: (answer: Json) => bendRows(answer, all => all.slice(1)),
  no_vectors: (answer: Json) => bendRows(answer, () => []),
  reversed_vectors: (answer: Json) => bendRows(answer, all => all.toReversed()),
} satisfies Record<string, (answer: Json, key: string) => Sent>

export type Failure = keyof typeof FAILURES
