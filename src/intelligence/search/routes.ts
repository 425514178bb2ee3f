import { Elysia } from 'elysia'
import { auth } from '../../accounts/auth.ts'
import type { Context } from '../../context.ts'
import { Problem } from '../../errors.ts'
import { isNotModified, notModified } from '../../http/conditional.ts'
import { answers } from '../../http/openapi.ts'
import { decodeCursor, toPage } from '../../http/paging.ts'
import { resolveLinks } from '../../library/contents/addresses.ts'
import { normaliseUrl } from '../../library/normalise-url.ts'
import { findActiveModel, findNearest, findNearestOfUser } from '../vectors/store.ts'
import { type Fused, fuseScores, type Scored } from './fuse-scores.ts'
import { floorOf, keepRelevant } from './keep-relevant.ts'
import { SearchAnswer, SearchQuery } from './schema.ts'
import { findByLink, findByWords, findResults } from './store.ts'

/** How many each way of searching hands to the fusion, whichever page is asked for: so pages are of one list. */
const CANDIDATES = 200
/** An address that was pasted whole: its content comes before whatever holds words of it. */
const LINK_SCORE = 10
/** Without one of these a query is no link, whatever else could be read as a host's name. */
const LINK = /^https?:\/\/|^[^\s/]+\.[^\s/]+\/\S/i

/** Searching by words, by meaning, or by both. Archived saves are found too: that is how they are got back. */
export function searchRoutes({ config, database, log, models, ...context }: Context) {
  const { sql } = database
  const least_savers = config.SHARED_MIN_SAVERS

  /**
   * Undefined when the active model gave no vector: another's can't be compared with what is kept. The vector is null when
   * the model knows none of the words.
   */
  async function embed(q: string): Promise<{ vector: Float32Array | null; model: string } | undefined> {
    try {
      const active = await findActiveModel(sql, models.embeddingModel)
      const { model, vectors } = await models.embed([q], active, { are_queries: true })
      const [vector] = vectors
      if (vector instanceof Error) throw vector
      return vector !== undefined && model === active ? { vector, model } : undefined
    } catch (error) {
      log.warn('A search could not be embedded', { error })
      return undefined
    }
  }

  return new Elysia({ prefix: '/v1/search', tags: ['Search'] })
    .use(auth({ config, database, log, models, ...context }))
    .get(
      '',
      async ({ query, user, request, set }) => {
        const { q, scope } = query
        const list = [user.id, 'search', q, query.mode, scope]
        const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, 'number', list)
        // What others save is in no library's version.
        if (scope === 'mine' && isNotModified(request, set, user)) return notModified() as never
        const wanted = scope === 'all' ? { q, scope, least_savers } : { q, scope }
        const byWords = async () => {
          const pasted = LINK.test(q) ? normaliseUrl(q, config) : undefined
          const [link] = await resolveLinks(sql, pasted ? [pasted] : [])
          const [exact, hits] = await Promise.all([
            link && findByLink(sql, user.id, link.url_hash, wanted),
            findByWords(sql, user.id, wanted, CANDIDATES),
          ])
          if (exact === undefined) return hits
          return [{ id: exact, score: LINK_SCORE }, ...hits.filter(({ id }) => id !== exact)]
        }
        const byMeaning = async () => {
          const embedded = await embed(q)
          if (!embedded) return undefined
          const { vector, model } = embedded
          // By words alone: what it does not know is as near to everything.
          if (vector === null) return { hits: [], floor: floorOf(model) }
          const asked = { vector, model }
          const near =
            scope === 'all'
              ? findNearest(sql, user.id, asked, CANDIDATES, least_savers)
              : findNearestOfUser(sql, user.id, asked, CANDIDATES)
          return { hits: keepRelevant(await near, model), floor: floorOf(model) }
        }
        const [words, meaning] = await Promise.all([
          query.mode === 'semantic' ? undefined : byWords(),
          query.mode === 'text' ? undefined : byMeaning(),
        ])
        // Without the model this is less than the library holds: nothing to compare the next answer with.
        if (query.mode !== 'text' && !meaning) delete set.headers.etag
        if (query.mode === 'semantic' && !meaning) {
          throw new Problem(503, 'MODEL_UNAVAILABLE', 'The model is not available. Try again shortly.', {
            retry_after: 5,
          })
        }
        const ranked = rank(words, meaning)
        const places = ranked.map((result, i) => ({ ...result, place: i + 1 }))
        const from = after ? placeAfter(ranked, after) : query.offset
        const { rows, paging } = toPage(
          places.slice(from, from + query.limit + 1),
          query,
          list,
          { request, set },
          ({ place }) => place,
        )
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
      {
        auth: 'searches',
        query: SearchQuery,
        response: answers({ 200: SearchAnswer }, [304, 400, 401, 422]),
        detail: {
          operationId: 'search',
          summary: 'Search by words and meaning',
          description:
            'Hybrid search adds the scores of full text and of vectors: a text that holds all words of the query in its title comes before any that is only like it. Accents and case do not matter, beginnings of words find them, and a link finds its save. Notes are found in your own saves only. With scope=all what others have saved is found too, where it is public: videos and posts, and pages that several people have and whose address holds no parameters.',
        },
      },
    )
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
