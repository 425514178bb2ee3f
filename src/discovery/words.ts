import type { Words } from '../ground/http/openapi/words.ts'

/** What the room's parameters and fields mean. */
export const words: Words = {
  fields: {
    results: 'What was found, the best first.',
    save_id: 'The caller’s own save of it; null where there is none.',
    score: 'Higher is better; comparable within one answer only.',
    matched: 'What it was found by: its words, its meaning, or both.',
    mode: 'As asked; `text` for `hybrid` while the model is away.',
    'SearchResults.total': 'How many candidates were ranked, at most 200 by words and 200 by meaning.',
    cluster: 'The cluster.',
    'ItemWithNeighbours.cluster': 'The cluster that it is in; null where it is in none.',
    similar_items: 'What is most like it, the best first; null where that was not asked for.',
    similarity_score: 'The cosine of the two vectors: 1 for the same direction.',
    already_saved: 'Whether the caller has saved it.',
  },
  parameters: {
    include_similar: { text: 'Whether to look for similar items.' },
    similar_limit: { text: 'How many similar items at most.' },
    q: {
      text: 'What to look for, in any order. It takes what `search` of `GET /v1/items` takes: a phrase, `-without` and operators such as `site:example.com` ask of your own saves, so that what you have not saved is left out.',
      example: 'late breakfast in Bangalore',
    },
    mode: { text: 'text: by words. semantic: by meaning. hybrid: both, fused by rank.' },
    scope: { text: 'mine: in the own library. all: in everything that anybody saved.' },
  },
}
