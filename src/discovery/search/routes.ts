import type { Context } from '../../context.ts'
import type { Sql } from '../../ground/database/connection.ts'
import { problem } from '../../ground/http/problem.ts'
import { CONTENT, SAVE } from '../../library/examples.ts'
import { normaliseUrl } from '../../library/links/normalise-url.ts'
import { findContentsOf } from '../../library/links/store.ts'
import { asksFor, type Condition, parseQuery } from '../../library/query/parse-query.ts'
import { findContentsMeeting } from '../../library/query/store.ts'
import { route } from '../../route.ts'
import { findActiveModel, findNearest, findNearestOfUser } from '../vectors/store.ts'
import { type Fused, fuseScores, type Scored } from './fuse-scores.ts'
import { floorOf, keepRelevant } from './keep-relevant.ts'
import { SearchAnswer, SearchQuery } from './schema.ts'
import { findByWords, findIfReady, findResults, type Wanted } from './store.ts'

/** How many each way of searching hands to the fusion, whichever page is asked for: so pages are of one list. */
const CANDIDATES = 200
/** An address that was pasted whole: its content comes before whatever holds words of it. */
const LINK_SCORE = 10
/** Without one of these a query is no link, whatever else could be read as a host's name. */
const LINK = /^https?:\/\/|^[^\s/]+\.[^\s/]+\/\S/i

const modelUnavailable = problem(503, 'MODEL_UNAVAILABLE', 'The model is not available. Try again shortly.', {
  retry_after: 5,
})

interface Search {
  context: Context
  sql: Sql
  userId: string
  wanted: Wanted
}

/** Searching by words, by meaning, or by both. Archived saves are found too: that is how they are got back. */
export const search = route(
  'GET /v1/search',
  {
    id: 'search',
    tag: 'Search',
    summary: 'Search by words and meaning',
    description:
      'Hybrid search adds the scores of full text and of vectors: a text that holds all words of the query in its title comes before any that is only like it. Accents and case do not matter, beginnings of words find them, and a link finds its save. Notes are found in your own saves only. With scope=all what others have saved is found too, where it is public: videos and posts, and pages that several people have and whose address holds no parameters.',
    may: 'read',
    limit: 'searches',
    // What others save is in no library's version, nor is what was viewed.
    cached: { when: ({ scope, q }) => scope === 'mine' && !asksFor(parseQuery(q), 'unread') },
    paged: 'number',
    query: SearchQuery,
    gives: {
      body: SearchAnswer,
      text: 'What was found, the best first.',
      example: {
        results: [{ save_id: SAVE.id, content: CONTENT, score: 1.25, matched: ['text', 'semantic'] }],
        mode: 'hybrid',
        total: 1,
        limit: 20,
        offset: 0,
        has_more: false,
        next_cursor: null,
      },
    },
    problems: [modelUnavailable],
  },
  async ({ sql, query, user, set, page, context }) => {
    const { scope } = query
    const { text: q, conditions } = parseQuery(query.q)
    const least_savers = context.config.SHARED_MIN_SAVERS
    const wanted = scope === 'all' ? { q, scope, least_savers } : { q, scope }
    const asked = { context, sql, userId: user.id, wanted }
    const [words, meaning] = await Promise.all([
      query.mode === 'semantic' || q === '' ? undefined : byWords(asked),
      query.mode === 'text' || q === '' ? undefined : byMeaning(asked),
    ])
    const isWithoutModel = query.mode !== 'text' && q !== '' && !meaning
    if (isWithoutModel && query.mode === 'semantic') throw modelUnavailable()
    // This is less than the library holds: nothing to compare the next answer with.
    if (isWithoutModel) delete set.headers.etag
    const ranked = await meeting(asked, conditions, rank(words, meaning))
    const places = ranked.map((result, i) => ({ ...result, place: i + 1 }))
    const from = page.after ? placeAfter(ranked, page.after) : page.offset
    const { rows, paging } = page.of(places.slice(from, from + page.limit), ({ place }) => place)
    const found = await findResults(
      sql,
      user.id,
      rows.map(({ id }) => id),
    )
    // What was removed between the two queries is left out.
    const results = rows.flatMap(({ id, score, matched }) => {
      const result = found.get(id)
      return result ? [{ ...result, score, matched }] : []
    })
    const mode = query.mode === 'hybrid' && !meaning ? ('text' as const) : query.mode
    return { results, mode, total: ranked.length, ...paging }
  },
)

async function byWords({ context: { config }, sql, userId, wanted }: Search): Promise<Scored[]> {
  const pasted = LINK.test(wanted.q) ? normaliseUrl(wanted.q, config) : undefined
  const [content] = (await findContentsOf(sql, pasted ? [pasted.url_hash] : [])).values()
  const [exact, hits] = await Promise.all([
    content && findIfReady(sql, userId, content, wanted),
    findByWords(sql, userId, wanted, CANDIDATES),
  ])
  if (exact === undefined) return hits
  return [{ id: exact, score: LINK_SCORE }, ...hits.filter(({ id }) => id !== exact)]
}

/** Undefined where the active model could not be asked. */
async function byMeaning(asked: Search): Promise<{ hits: Scored[]; floor: number } | undefined> {
  const embedded = await embed(asked)
  if (!embedded) return undefined
  const { sql, userId, wanted } = asked
  const { vector, model } = embedded
  // By words alone: what the model does not know is as near to everything.
  if (vector === null) return { hits: [], floor: floorOf(model) }
  const near =
    wanted.scope === 'all'
      ? findNearest(sql, userId, { vector, model }, CANDIDATES, wanted.least_savers)
      : findNearestOfUser(sql, userId, { vector, model }, CANDIDATES)
  return { hits: keepRelevant(await near, model), floor: floorOf(model) }
}

/**
 * Undefined when the active model gave no vector: another's can't be compared with what is kept. The vector is null when
 * the model knows none of the words.
 */
async function embed({
  context: { log, models },
  sql,
  wanted,
}: Search): Promise<{ vector: Float32Array | null; model: string } | undefined> {
  try {
    const active = await findActiveModel(sql, models.embeddingModel)
    const { model, vectors } = await models.embed([wanted.q], active, { are_queries: true })
    const [vector] = vectors
    if (vector instanceof Error) throw vector
    return vector !== undefined && model === active ? { vector, model } : undefined
  } catch (error) {
    log.warn('A search could not be embedded', { error })
    return undefined
  }
}

/** Of what was found those for which the conditions hold; without words, the newest for which they do. */
async function meeting(
  { sql, userId, wanted: { q } }: Search,
  conditions: Condition[],
  ranked: Fused[],
): Promise<Fused[]> {
  if (conditions.length === 0) return ranked
  const among = q === '' ? undefined : ranked.map(({ id }) => id)
  const found = await findContentsMeeting(sql, userId, conditions, 2 * CANDIDATES, among)
  if (!among) return found.map(id => ({ id, score: 1, matched: ['text'] }))
  const kept = new Set(found)
  return ranked.filter(({ id }) => kept.has(id))
}

/** One way of searching keeps its own score; those of two are added. */
function rank(words: Scored[] | undefined, meaning: { hits: Scored[]; floor: number } | undefined): Fused[] {
  if (words && meaning) return fuseScores(words, meaning.hits, meaning.floor)
  const way = words ? ('text' as const) : ('semantic' as const)
  return (words ?? meaning?.hits ?? []).map(({ id, score }) => ({ id, score, matched: [way] }))
}

/** Where a list goes on after a page: behind its last result, or at the place of that when it is gone. */
function placeAfter(ranked: Fused[], { key, id }: { key: string | number | null; id: string }): number {
  const place = ranked.findIndex(result => result.id === id)
  return place === -1 ? Number(key) - 1 : place + 1
}
